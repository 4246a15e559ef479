// How the two first clients connect: the one for Node with patience and late ears, the one for browsers at once and for ever.
'use strict';

const path = require('node:path');
const { randomUUID } = require('node:crypto');
const { once } = require('node:events');
const { createRequire } = require('node:module');
const { Session } = require('./session.js');

// ws is installed beside the build, not here.
const WebSocket = createRequire(path.join(process.env.CRYO_NODE_FOLDER, 'package.json'))('ws');

function open(url, token, sid, options) {
    const query = `authorization=Bearer%20${encodeURIComponent(token)}&x-cryo-sid=${sid}`;
    return new WebSocket(`${url}/?${query}`, options);
}

async function upgraded(socket) {
    const failed = new Promise((_, reject) => {
        socket.once('error', reject);
        socket.once('unexpected-response', (_, answer) => {
            answer.resume();
            reject(Object.assign(new Error(`refused with ${answer.statusCode}`), { status: answer.statusCode }));
        });
    });
    await Promise.race([once(socket, 'open'), failed]);
    socket.on('error', () => {}); // the close that follows tells all
}

// Whatever arrives before the session listens is lost, as with that client: some promises and a turn of the loop.
async function steps(turns) {
    for (let i = 0; i < 20; i++) await null;
    for (let i = 0; i < turns; i++) await new Promise(setImmediate);
}

// Tries a refused connection five times, whatever the status. `pause` is what lies between, in ms: 3 s in earnest.
async function nodeClient(url, token, { ca, sid = randomUUID(), turns = 1, pause = 3000, attempts = 5 } = {}) {
    for (let attempt = 1;; attempt++) {
        try {
            const socket = open(url, token, sid, { ca, perMessageDeflate: true });
            await upgraded(socket);
            await steps(turns);
            return Object.assign(new Session(socket, sid), { attempt });
        } catch (e) {
            if (attempt === attempts) throw Object.assign(e, { attempt });
            await new Promise((resolve) => setTimeout(resolve, pause));
        }
    }
}

// Listens from the first moment on, and comes back after every close, at once and with the same id, until told to stop.
class BrowserClient {
    constructor(url, token, { ca, sid = randomUUID(), onSession, onRefused }) {
        Object.assign(this, { url, token, ca, sid, onSession, onRefused, connections: 0, stopped: false });
        this.connect();
    }

    connect() {
        const socket = open(this.url, this.token, this.sid, { ca: this.ca, perMessageDeflate: true });
        const session = new Session(socket, this.sid);
        session.on('closed', () => { if (!this.stopped) this.connect(); });
        upgraded(socket).then(() => {
            this.connections++;
            this.onSession(session, this);
        }, (e) => this.onRefused(e, this));
    }
}

module.exports = { nodeClient, BrowserClient };
