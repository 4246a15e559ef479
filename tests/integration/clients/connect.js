// How the two first clients connect: the one for Node with patience and late ears, the one for browsers at once and for ever.
'use strict';

const path = require('node:path');
const { randomUUID } = require('node:crypto');
const { once } = require('node:events');
const { BrowserCale, NodeCale } = require('./cale.js');
const { Session, UnorderedSession } = require('./session.js');

// From where Debian's node-ws puts it: only Debian's own Node looks there by itself.
const WebSocket = require(path.resolve(process.env.CRYO_NODE_FOLDER || '/usr/share/nodejs', 'ws'));

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

// Tries a refused connection five times, whatever the status. `pause` is what lies between, in ms: 3 s in earnest. With
// CALE it is there once that is secure.
async function nodeClient(url, token, { ca, sid = randomUUID(), turns = 1, pause = 3000, attempts = 5, cale = false } = {}) {
    const { socket, attempt } = await nodeSocket(url, token, { ca, sid, turns, pause, attempts });
    const over = cale ? new NodeCale(socket, sid, () => steps(turns)) : socket;
    const session = Object.assign(new Session(over, sid), { attempt });
    if (cale) await over.secured;
    return session;
}

async function nodeSocket(url, token, { ca, sid, turns, pause, attempts }) {
    for (let attempt = 1;; attempt++) {
        try {
            const socket = open(url, token, sid, { ca, perMessageDeflate: true });
            await upgraded(socket);
            await steps(turns);
            return { socket, attempt };
        } catch (e) {
            if (attempt === attempts) throw Object.assign(e, { attempt });
            await new Promise((resolve) => setTimeout(resolve, pause));
        }
    }
}

// Listens from the first moment on, and comes back after every close, at once and with the same id, until told to stop.
class BrowserClient {
    constructor(url, token, { ca, sid = randomUUID(), cale = false, onSession, onMessage = () => {}, onRefused }) {
        Object.assign(this, { url, token, ca, sid, cale, onSession, onMessage, onRefused, connections: 0, stopped: false });
        this.connect();
    }

    connect() {
        const socket = open(this.url, this.token, this.sid, { ca: this.ca, perMessageDeflate: true });
        const over = this.cale ? new BrowserCale(socket, this.sid) : socket;
        const session = this.cale ? new UnorderedSession(over, this.sid) : new Session(over, this.sid);
        session.on('message', (message) => this.onMessage(message, session));
        session.on('closed', () => { if (!this.stopped) this.connect(); });
        upgraded(socket).then(() => over.secured).then(() => {
            this.connections++;
            this.onSession(session, this);
        }, (e) => this.onRefused(e, this));
    }
}

module.exports = { open, upgraded, nodeClient, BrowserClient };
