// A CALE client that says exactly what it is told, for clients that break the rules.
'use strict';

const { createECDH, randomUUID } = require('node:crypto');
const { once } = require('node:events');
const { keysOf, open: openRecord, seal } = require('./cale.js');
const { open, upgraded } = require('./connect.js');
const frames = require('./frames.js');

class Raw {
    static async connect({ url, token, ca }, { autoPong = true } = {}) {
        const sid = randomUUID();
        const socket = open(url, token, sid, { ca });
        if (!autoPong) socket.pong = () => {}; // ws has an option for it, but not before 8.16
        const raw = new Raw(socket, sid);
        await upgraded(socket);
        return raw;
    }

    constructor(socket, sid) {
        Object.assign(this, { socket, sid, came: [], number: 0, counter: 0, end: undefined });
        socket.on('message', (data) => {
            this.came.push(data);
            socket.emit('news');
        });
        socket.on('close', (code, reason) => {
            this.end = { code, reason: String(reason) };
            socket.emit('news');
        });
    }

    async next() {
        while (this.came.length === 0) {
            if (this.end) throw new Error(`closed with ${this.end.code} ${this.end.reason}`);
            await once(this.socket, 'news');
        }
        return this.came.shift();
    }

    // How the server closed, and what it said before.
    async closed() {
        while (!this.end) await once(this.socket, 'news');
        return { sid: this.sid, ...this.end, unheard: this.came.length };
    }

    leave() {
        this.socket.close(4000, 'fine');
        return this.closed();
    }

    send(data) { this.socket.send(data); }
    text(words) { return frames.text(this.sid, this.number++, words); }
    ping() { return frames.pingPong(this.sid, this.number++, 'ping'); }
    seal(frame, counter = this.counter++, iv = undefined) { return seal(this.keys.sending, counter, frame, iv); }

    async expectPlain(type) {
        const frame = await this.next();
        if (frames.typeOf(frame) !== type) throw new Error(`${frames.typeOf(frame)} in the clear instead of ${type}`);
        return frames.payloadOf(frame);
    }

    // The next frame of a type, whatever comes before it: as a record, or not at all.
    async expect(type) {
        for (;;) {
            const frame = openRecord(this.keys.receiving, await this.next());
            if (frames.typeOf(frame) === type) return frame;
        }
    }

    async expectEcho(words) {
        const echo = frames.payloadOf(await this.expect(frames.UTF8DATA)).toString();
        if (echo !== words) throw new Error(`${echo} instead of ${words}`);
    }

    // To the server's HANDSHAKE_DONE.
    async meet() {
        this.serverPoint = await this.expectPlain(frames.SERVER_HELLO);
        const own = createECDH('prime256v1');
        const point = own.generateKeys();
        this.keys = keysOf(own.computeSecret(this.serverPoint));
        this.send(frames.hello(this.sid, this.number++, point));
        await this.expectPlain(frames.HANDSHAKE_DONE);
    }

    async becomeSecure() {
        await this.meet();
        this.send(frames.handshakeDone(this.sid, 0));
    }

    // Secure, and the server has said so: it echoed something.
    async talk(words = 'genuine') {
        this.send(this.seal(this.text(words)));
        await this.expectEcho(words);
    }
}

module.exports = { Raw };
