// cale_hostile.js JOB JSON: CALE clients that break the rules, or go to their edge, and how they were closed.
'use strict';

const { createECDH, ECDH } = require('node:crypto');
const { ivOf, seal } = require('./cale.js');
const { Raw } = require('./cale_raw.js');
const { nodeClient } = require('./connect.js');
const frames = require('./frames.js');

const PRIME = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const LAST_COUNTER = 2 ** 32 - 1;

// ---- before it is secure ----

const hello = (raw, point) => frames.hello(raw.sid, raw.number++, point);
const goodPoint = () => createECDH('prime256v1').generateKeys();

function changed(bytes, at, to = bytes.at(at) ^ 1) {
    const copy = Buffer.from(bytes);
    copy[at < 0 ? copy.length + at : at] = to;
    return copy;
}

function mirrored(point) {
    const y = BigInt('0x' + point.subarray(33).toString('hex'));
    return Buffer.concat([point.subarray(0, 33), Buffer.from((PRIME - y).toString(16).padStart(64, '0'), 'hex')]);
}

const points = {
    'a point of 64 bytes': () => goodPoint().subarray(0, 64),
    'a point of 66 bytes': () => Buffer.concat([goodPoint(), Buffer.alloc(1)]),
    'no point': () => Buffer.alloc(0),
    'a point without its first byte': () => goodPoint().subarray(1),
    'a compressed point': () => ECDH.convertKey(goodPoint(), 'prime256v1', undefined, undefined, 'compressed'),
    'a hybrid point': () => ECDH.convertKey(goodPoint(), 'prime256v1', undefined, undefined, 'hybrid'),
    'a point that calls itself compressed': () => changed(goodPoint(), 0, 2),
    'a point off the curve': () => changed(goodPoint(), 64),
    'infinity': () => Buffer.alloc(1),
    'infinity of 65 bytes': () => Buffer.alloc(65),
    'the origin': () => changed(Buffer.alloc(65), 0, 4),
    'coordinates beyond the prime': () => changed(Buffer.alloc(65, 0xff), 0, 4),
    'the point of the server': (raw) => raw.serverPoint,
    'its mirror image': (raw) => mirrored(raw.serverPoint),
};

const instead = (make) => async (raw) => {
    raw.serverPoint = await raw.expectPlain(frames.SERVER_HELLO);
    raw.send(make(raw));
    return raw.closed();
};

const afterMeeting = (make) => async (raw) => {
    await raw.meet();
    raw.send(make(raw));
    return raw.closed();
};

const handshakes = {
    'data instead of a hello': instead((raw) => raw.text('injected')),
    'an ACK instead of a hello': instead((raw) => frames.ack(raw.sid, 0)),
    'a hello of the server': instead((raw) => frames.hello(raw.sid, 0, goodPoint(), frames.SERVER_HELLO)),
    'HANDSHAKE_DONE instead of a hello': instead((raw) => frames.handshakeDone(raw.sid, 0)),
    'a second hello': afterMeeting((raw) => hello(raw, goodPoint())),
    'data instead of HANDSHAKE_DONE': afterMeeting((raw) => raw.text('injected')),
    'HANDSHAKE_DONE of another number': afterMeeting((raw) => frames.handshakeDone(raw.sid, 1)),
    async 'records instead of HANDSHAKE_DONE'(raw) {
        await raw.meet();
        for (let i = 0; i < 17; i++) raw.send(raw.seal(raw.text('injected')));
        return raw.closed();
    },
};
for (const [name, make] of Object.entries(points)) handshakes[name] = instead((raw) => hello(raw, make(raw)));

// ---- once it is secure ----

// Its text must never be delivered.
const injected = (raw) => raw.text('injected');

const records = {
    'a forged tag': (raw) => changed(raw.seal(injected(raw)), -1),
    'a forged text': (raw) => changed(raw.seal(injected(raw)), 12 + 21),
    'a forged counter': (raw) => changed(raw.seal(injected(raw)), 11, 200),
    'a record of the server': (raw) => seal(raw.keys.receiving, 500, injected(raw)),
    'a record that is cut': (raw) => raw.seal(injected(raw)).subarray(0, -1),
    'a record of 27 bytes': (raw) => raw.seal(injected(raw)).subarray(0, 27),
    'a replay': (raw) => raw.seal(injected(raw), 0),
    'a replayed ACK': (raw) => raw.seal(frames.ack(raw.sid, 0), 0),
    'an iv that does not begin with zeros': (raw) => raw.seal(injected(raw), 0, changed(ivOf(raw.counter++), 0)),
    'an iv with a one before the counter': (raw) => raw.seal(injected(raw), 0, changed(ivOf(raw.counter++), 7)),
    'data in the clear': injected,
    'a ping in the clear': (raw) => raw.ping(),
    'an ACK in the clear': (raw) => frames.ack(raw.sid, 1),
    'an empty message': () => Buffer.alloc(0),
    'a sealed hello': (raw) => raw.seal(hello(raw, goodPoint())),
    'a sealed HANDSHAKE_DONE': (raw) => raw.seal(frames.handshakeDone(raw.sid, 0)),
};

const whenSecure = {
    async 'data in the clear behind HANDSHAKE_DONE'(raw) {
        await raw.becomeSecure();
        raw.send(injected(raw));
        return raw.closed();
    },
    async 'a ping in the clear behind HANDSHAKE_DONE'(raw) {
        await raw.becomeSecure();
        raw.send(raw.ping());
        return raw.closed();
    },
    async 'a counter behind the window'(raw) {
        await raw.becomeSecure();
        raw.counter = 4097;
        await raw.talk();
        raw.send(raw.seal(injected(raw), 1));
        return raw.closed();
    },
};
for (const [name, make] of Object.entries(records)) {
    whenSecure[name] = async (raw) => {
        await raw.becomeSecure();
        await raw.talk();
        raw.send(make(raw));
        raw.send(raw.seal(injected(raw))); // nor is what comes behind it
        return raw.closed();
    };
}

// ---- what is allowed ----

const allowed = {
    async 'counters that are left out'(raw) {
        await raw.becomeSecure();
        for (const counter of [0, 2, 100, 5000, 2 ** 31, LAST_COUNTER - 1, LAST_COUNTER]) {
            raw.counter = counter;
            await raw.talk();
        }
        return raw.leave();
    },
    async 'the last counter first, and what the window still holds'(raw) {
        await raw.becomeSecure();
        for (const counter of [LAST_COUNTER, LAST_COUNTER - 4095, LAST_COUNTER - 1]) {
            raw.counter = counter;
            await raw.talk();
        }
        return raw.leave();
    },
    async 'counters in any order'(raw) {
        await raw.becomeSecure();
        const sealed = Array.from({ length: 4096 }, (_, i) => raw.seal(frames.pingPong(raw.sid, i, 'ping')));
        for (let i = 0; i < sealed.length; i++) raw.send(sealed[i * 1237 % sealed.length]);
        for (let i = 0; i < sealed.length; i++) await raw.expect(frames.PING_PONG);
        return raw.leave();
    },
    async 'pings before it is secure'(raw) {
        raw.send(raw.ping());
        raw.number = 0;
        await raw.meet();
        raw.send(raw.ping());
        raw.send(frames.handshakeDone(raw.sid, 0));
        await raw.talk();
        return raw.leave();
    },
    async 'a record right behind HANDSHAKE_DONE, and no payload in that'(raw) {
        await raw.meet();
        raw.send(frames.hello(raw.sid, 0, Buffer.alloc(0), frames.HANDSHAKE_DONE));
        await raw.talk();
        return raw.leave();
    },
    // The complaint about it waits, and comes sealed.
    async 'rubbish amid the handshake'(raw) {
        await raw.meet();
        raw.send(Buffer.alloc(20));
        raw.send(frames.handshakeDone(raw.sid, 0));
        const complaint = frames.payloadOf(await raw.expect(frames.ERROR)).toString();
        if (complaint !== 'invalid_operation') throw new Error(complaint);
        return raw.leave();
    },
};

const all = { ...handshakes, ...whenSecure, ...allowed };

async function outcomeOf(what, server, options) {
    const raw = await Raw.connect(server, options);
    return what(raw);
}

const jobs = {
    async cases(server) {
        const outcomes = {};
        for (const name of Object.keys(all)) {
            outcomes[name] = await outcomeOf(all[name], server).catch((e) => {
                throw Object.assign(e, { message: `${name}: ${e.message}`, stack: `${name}: ${e.stack}` });
            });
        }
        return outcomes;
    },

    // Its hello comes before the server's: that one waits for a pong.
    early: (server) => outcomeOf((raw) => {
        raw.send(hello(raw, goodPoint()));
        return raw.closed();
    }, server, { autoPong: false }),

    // A server without CALE.
    unasked: (server) => outcomeOf((raw) => {
        raw.send(hello(raw, goodPoint()));
        return raw.closed();
    }, server),

    // The first client for Node, where the server has no CALE: it learns that from the first ping.
    async disappointed({ url, token, ca }) {
        try {
            await nodeClient(url, token, { ca, cale: true });
        } catch (e) {
            return { code: e.code, reason: e.reason };
        }
        throw new Error('it is secure');
    },

    // Keeps silent at a moment of the handshake.
    silent: ({ when, ...server }) => outcomeOf(async (raw) => {
        if (when === 'after its hello') await raw.meet();
        return raw.closed();
    }, server),
};

require('./run.js')(jobs);
