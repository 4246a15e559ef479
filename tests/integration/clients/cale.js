// CALE as the first clients for Node and browsers speak it, on Node's own cryptography: a socket over a socket, for a Session.
//
// Both take any message whose byte 20 is a frame's type for plaintext, also once secure, and count their ivs up without
// leaving one out.
'use strict';

const { EventEmitter, once } = require('node:events');
const { createCipheriv, createDecipheriv, createECDH, createHash, webcrypto: { subtle } } = require('node:crypto');
const frames = require('./frames.js');

const MISMATCH = 4010;
const IV = 12, TAG = 16;
const CURVE = { name: 'ECDH', namedCurve: 'P-256' };

function ivOf(counter) {
    const iv = Buffer.alloc(IV);
    iv.writeUInt32BE(counter, 8);
    return iv;
}

// What a client seals with, and what it opens with.
function keysOf(secret) {
    const hash = createHash('sha256').update(secret).digest();
    return { sending: hash.subarray(16), receiving: hash.subarray(0, 16) };
}

function seal(key, counter, frame, iv = ivOf(counter)) {
    const cipher = createCipheriv('aes-128-gcm', key, iv);
    return Buffer.concat([iv, cipher.update(frame), cipher.final(), cipher.getAuthTag()]);
}

function open(key, record) {
    const decipher = createDecipheriv('aes-128-gcm', key, record.subarray(0, IV), { authTagLength: TAG });
    decipher.setAuthTag(record.subarray(-TAG));
    return Buffer.concat([decipher.update(record.subarray(IV, -TAG)), decipher.final()]);
}

const looksPlain = (data) => data.length > 20 && data[20] <= frames.HANDSHAKE_DONE;

class CaleSocket extends EventEmitter {
    constructor(socket, sid) {
        super();
        Object.assign(this, { socket, sid, hellos: 1, counter: 0, secure: false });
        // What came in: in the clear before it was secure (as it was) and since then (how many), sealed (how many), and
        // how many counters the server left out.
        Object.assign(this, { plain: [], misread: 0, records: 0, skipped: 0, nextCounter: 0 });
        socket.on('close', (code, reason) => this.emit('close', code, reason));
        this.secured = Promise.race([
            once(this, 'secure'),
            once(socket, 'close').then(([code, reason]) => {
                const words = `closed with ${code} ${reason} before it was secure`;
                throw Object.assign(new Error(words), { code, reason: String(reason) });
            }),
        ]);
        this.secured.catch(() => {});
    }

    close(code, reason) { this.socket.close(code, reason); }

    takePlain(data) {
        if (this.secure) {
            this.misread++;
            return this.emit('message', data);
        }
        this.plain.push(Buffer.from(data));
        switch (frames.typeOf(data)) {
        case frames.SERVER_HELLO:
            return this.takeHello(frames.payloadOf(data));
        case frames.HANDSHAKE_DONE:
            this.socket.send(frames.handshakeDone(this.sid, frames.numberOf(data)));
            this.secure = true;
            return this.emit('secure');
        default:
            return this.socket.close(MISMATCH, 'no CALE'); // a ping before all
        }
    }

    // The server's own counters: in order, and eight zero bytes before them.
    countRecord(record) {
        const counter = record.readUInt32BE(8);
        if (!record.subarray(0, 8).equals(Buffer.alloc(8)) || counter < this.nextCounter)
            throw new Error(`a strange iv: ${record.subarray(0, IV).toString('hex')}`);
        this.records++;
        this.skipped += counter - this.nextCounter;
        this.nextCounter = counter + 1;
    }
}

// Its first message is the hello, and until that is dealt with it hears nothing.
class NodeCale extends CaleSocket {
    constructor(socket, sid, pause) {
        super(socket, sid);
        this.pause = pause;
        socket.once('message', (data) => {
            if (frames.typeOf(data) !== frames.SERVER_HELLO) return this.socket.close(MISMATCH, 'no CALE');
            this.takePlain(data);
        });
    }

    async takeHello(point) {
        const own = createECDH('prime256v1');
        const ownPoint = own.generateKeys();
        this.keys = keysOf(own.computeSecret(point));
        await this.pause();
        this.socket.on('message', (data) => this.take(data));
        this.socket.send(frames.hello(this.sid, 0, ownPoint));
    }

    take(data) {
        if (looksPlain(data)) return this.takePlain(data);
        this.countRecord(data);
        this.emit('message', open(this.keys.receiving, data));
    }

    send(frame) { this.socket.send(seal(this.keys.sending, this.counter++, frame)); }
}

// Hears from the first moment on. What it encrypts and decrypts is done side by side, and may overtake.
class BrowserCale extends CaleSocket {
    constructor(socket, sid) {
        super(socket, sid);
        socket.on('message', (data) => looksPlain(data) ? this.takePlain(data) : this.take(data));
    }

    async takeHello(point) {
        const own = await subtle.generateKey(CURVE, false, ['deriveBits']);
        const peer = await subtle.importKey('raw', point, CURVE, false, []);
        const secret = await subtle.deriveBits({ name: 'ECDH', public: peer }, own.privateKey, 256);
        const keys = keysOf(Buffer.from(secret));
        const forUse = (key, use) => subtle.importKey('raw', key, 'AES-GCM', false, [use]);
        this.keys = { sending: await forUse(keys.sending, 'encrypt'), receiving: await forUse(keys.receiving, 'decrypt') };
        const ownPoint = Buffer.from(await subtle.exportKey('raw', own.publicKey));
        this.socket.send(frames.hello(this.sid, 0, ownPoint));
    }

    async take(data) {
        this.countRecord(data);
        const frame = await subtle.decrypt({ name: 'AES-GCM', iv: data.subarray(0, IV) }, this.keys.receiving, data.subarray(IV));
        this.emit('message', Buffer.from(frame));
    }

    async send(frame) {
        const iv = ivOf(this.counter++);
        const sealed = await subtle.encrypt({ name: 'AES-GCM', iv }, this.keys.sending, frame);
        if (this.socket.readyState === this.socket.OPEN) this.socket.send(Buffer.concat([iv, Buffer.from(sealed)]));
    }
}

module.exports = { NodeCale, BrowserCale, ivOf, keysOf, open, seal };
