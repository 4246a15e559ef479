// main.js JOB JSON: does a job of test_existing_clients.py with the first clients' manners, and prints the outcome as JSON.
'use strict';

const { once } = require('node:events');
const { nodeClient, BrowserClient } = require('./connect.js');
const { check, leave, talk } = require('./talk.js');

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

    // One who says numbers, and one who hears them over connections that end without a close, `times` of them.
    async losses({ url, token, ca, times, count }) {
        const said = Math.ceil(count / times) * times;
        const speaker = await nodeClient(url, token, { ca });
        const heard = [];
        let twice = 0;
        await new Promise((resolve, reject) => {
            let left = said / times;
            const listener = new BrowserClient(url, token, {
                ca,
                onRefused: reject,
                onSession: (session) => {
                    if (listener.connections === 1) {
                        // The server knows of it once it has heard from it, and broadcasts nothing to it before.
                        session.once('acked', () => { for (let i = 0; i < said; i++) speaker.sendText(String(i)); });
                        session.sendText('listening');
                    }
                    check(listener.connections <= times + 1, `${listener.connections} connections`);
                },
                onMessage: (message, session) => {
                    if (session.lost) return; // what came together with the end
                    const number = Number(message);
                    if (number < heard.length) return twice++;
                    if (number !== heard.length) return reject(new Error(`${number} instead of ${heard.length}`));
                    heard.push(number);
                    if (heard.length === said) {
                        listener.stopped = true;
                        session.once('closed', resolve);
                        session.close(4000, 'heard');
                    } else if (--left === 0) {
                        left = said / times;
                        session.lost = true;
                        session.socket.terminate();
                    }
                },
            });
        });
        await leave(speaker, 4000, 'said');
        return { heard: heard.length, twice };
    },
};

require('./run.js')(jobs);
