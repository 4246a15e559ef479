// main.js JOB JSON: does a job of test_existing_clients.py with the first clients' manners, and prints the outcome as JSON.
'use strict';

const fs = require('node:fs');
const { once } = require('node:events');
const { nodeClient, BrowserClient } = require('./connect.js');

function check(condition, words) {
    if (!condition) throw new Error(words);
}

// What the echo of the i-th message must be; `send` sends it.
function message(i) {
    if (i % 5 === 4) {
        const bytes = Buffer.alloc(i % 300 + 1, i);
        return { send: (session) => session.sendBinary(bytes), echo: bytes };
    }
    if (i % 100 === 0) return { send: (session) => session.sendText(''), echo: 'null' };
    if (i % 100 === 1) {
        // Three units, six bytes: cut where the second character finds no room, the rest stays zero.
        return { send: (session) => session.sendText('\u00e4\u20acx'), echo: '\u00e4\0' };
    }
    return { send: (session) => session.sendText(`message ${i}`), echo: `message ${i}` };
}

const same = (a, b) => Buffer.isBuffer(a) ? Buffer.isBuffer(b) && a.equals(b) : a === b;

async function talk(session, count, window = 100) {
    const expected = [];
    let sent = 0, done = 0;
    const more = () => {
        while (sent < count && sent - done < window) {
            const next = message(sent++);
            expected.push(next.echo);
            next.send(session);
        }
    };
    await new Promise((resolve, reject) => {
        session.on('closed', (code, reason) => reject(new Error(`closed with ${code} ${reason} after ${done} messages`)));
        session.on('message', (came) => {
            const wanted = expected.shift();
            if (!same(wanted, came)) return reject(new Error(`message ${done}: ${came} instead of ${wanted}`));
            done++;
            more();
            if (done === count) resolve();
        });
        session.ping(); // and its pong brings on a ping, and so on
        more();
    });
    while (session.unacknowledged.size > 0 || session.counts.pongs < 50) await new Promise(setImmediate);
    const { counts } = session;
    check(counts.sent === count && counts.acked === count && counts.received === count, JSON.stringify(counts));
    check(counts.strayAcks === 0 && counts.errors === 0 && counts.gaps === 0, JSON.stringify(counts));
}

async function leave(session, code, reason) {
    const closed = once(session, 'closed');
    session.removeAllListeners('closed');
    const seen = new Promise((resolve) => session.on('closed', (...how) => resolve(how)));
    session.close(code, reason);
    closed.catch(() => {});
    check((await seen)[0] === code, `the close was answered with ${(await seen)[0]}`);
}

const jobs = {
    async conversations({ url, token, ca, clients, count }) {
        await Promise.all(Array.from({ length: clients }, async (_, at) => {
            const session = await nodeClient(url, token, { ca, turns: at % 4 });
            await talk(session, count);
            await leave(session, 4000, 'done');
        }));
        return { clients };
    },

    // The server speaks first: nothing of it may be lost on late ears.
    async greetings({ url, token, ca, times, greeting }) {
        for (let i = 0; i < times; i++) {
            const session = await nodeClient(url, token, { ca });
            const [heard] = await once(session, 'message', { signal: AbortSignal.timeout(20000) })
                .catch(() => [`nothing, the ${i}th time`]);
            check(heard === greeting, `heard ${heard}`);
            await leave(session, 4000, '');
        }
        return { times };
    },

    async refused({ url, token, ca }) {
        try {
            await nodeClient(url, token, { ca, pause: 20 });
        } catch (e) {
            return { status: e.status, attempt: e.attempt };
        }
        throw new Error('let in');
    },

    async reconnects({ url, token, ca, times, count }) {
            await new Promise((resolve, reject) => {
            new BrowserClient(url, token, {
                ca,
                onRefused: (e) => reject(e),
                onSession: async (session, client) => {
                    try {
                        await talk(session, count);
                        if (client.connections === times) client.stopped = true;
                        session.once('closed', () => { if (client.stopped) resolve(); });
                        // Its own closes, with and without a code.
                        const kind = client.connections % 3;
                        if (kind === 0) session.close(4000, 'again');
                        if (kind === 1) session.close();
                        if (kind === 2) session.close(4100, 'x'.repeat(123));
                    } catch (e) {
                        reject(e);
                    }
                },
            });
        });
        return { times };
    },
};

const [job, options] = [process.argv[2], JSON.parse(process.argv[3])];
if (options.certificate) options.ca = fs.readFileSync(options.certificate);
jobs[job](options).then(
    (outcome) => console.log(JSON.stringify(outcome)),
    (e) => {
        console.error(e.stack);
        process.exitCode = 1;
    }).finally(() => process.exit());
