// cale_main.js JOB JSON: does a job of test_cale.py with the first clients' manners, and prints the outcome as JSON.
'use strict';

const { once } = require('node:events');
const { nodeClient, BrowserClient } = require('./connect.js');
const frames = require('./frames.js');
const { check, leave, messageOfAnySize, talk } = require('./talk.js');

// Small ones, in ASCII: the client for browsers fails on other texts.
const smallMessage = (i) => messageOfAnySize(i % 7);

const openers = {
    node: ({ url, token, ca }, at) => nodeClient(url, token, { ca, turns: at % 2, cale: true }),
    browser: ({ url, token, ca }) => new Promise((resolve, reject) => {
        new BrowserClient(url, token, {
            ca,
            cale: true,
            onSession: (session, client) => {
                client.stopped = true;
                resolve(session);
            },
            onRefused: reject,
        });
    }),
};

// All that the server said in the clear are its two frames of the handshake; everything else was a record that opened.
function checkWire(session) {
    const { plain, misread, records } = session.socket;
    check(misread === 0 && records > 0, `${misread} misread, ${records} records`);
    check(plain.length === 2, `${plain.length} in the clear`);
    check(frames.typeOf(plain[0]) === frames.SERVER_HELLO && frames.numberOf(plain[0]) === 0, 'no hello first');
    check(plain[0].length === 86 && frames.typeOf(plain[1]) === frames.HANDSHAKE_DONE, 'no HANDSHAKE_DONE behind it');
    check(frames.numberOf(plain[1]) === 0 && frames.payloadOf(plain[1]).toString() === 'null', 'a strange HANDSHAKE_DONE');
}

const jobs = {
    // So many sessions, so many of them at a time. They connect one after the other: a client that is too busy to answer the
    // server's WebSocket ping in a quarter of a second may lose the hello.
    async conversations({ manner, times, width, count, sizes = 'small', ...server }) {
        const how = { ordered: manner === 'node', next: sizes === 'any' ? messageOfAnySize : smallMessage };
        let records = 0, skipped = 0;
        for (let at = 0; at < times; at += width) {
            const sessions = [];
            while (sessions.length < Math.min(width, times - at)) sessions.push(await openers[manner](server, sessions.length));
            await Promise.all(sessions.map(async (session) => {
                await talk(session, count, how);
                checkWire(session);
                records += session.socket.records;
                skipped += session.socket.skipped;
                await leave(session, 4000, 'done');
            }));
        }
        return { records, skipped };
    },

    // The server speaks first.
    async greetings({ manner, times, greeting, ...server }) {
        for (let i = 0; i < times; i++) {
            const session = await openers[manner](server, i);
            const [heard] = await once(session, 'message', { signal: AbortSignal.timeout(20000) })
                .catch(() => [`nothing, the ${i}th time`]);
            check(heard === greeting, `heard ${heard}`);
            checkWire(session);
            await leave(session, 4000, '');
        }
        return { times };
    },

    // Says nothing, but answers pings.
    async idles({ manner, pings, ...server }) {
        const session = await openers[manner](server, 0);
        const closed = once(session, 'closed');
        while (session.counts.pings < pings && session.socket.socket.readyState === 1) await once(session.socket, 'message');
        checkWire(session);
        check(session.counts.gaps === 0 && session.counts.pings === pings, JSON.stringify(session.counts));
        session.close(4000, 'rested');
        await closed;
        return session.counts;
    },

    // The client for browsers comes back at once with its id, each time to fresh keys.
    async reconnects({ url, token, ca, times, count }) {
        const hellos = new Set();
        await new Promise((resolve, reject) => {
            new BrowserClient(url, token, {
                ca,
                cale: true,
                onRefused: reject,
                onSession: async (session, client) => {
                    try {
                        await talk(session, count, { ordered: false, next: smallMessage });
                        checkWire(session);
                        hellos.add(session.socket.plain[0].toString('hex'));
                        client.stopped = client.connections === times;
                        session.once('closed', () => { if (client.stopped) resolve(); });
                        session.close(4000, 'again');
                    } catch (e) {
                        reject(e);
                    }
                },
            });
        });
        check(hellos.size === times, `${hellos.size} keys for ${times} connections`);
        return { times };
    },
};

require('./run.js')(jobs);
