// An echo server of the Cryo protocol over ws, as the first implementation is: what a user of Node has.
//
//   node server.js [--cale]      prints its port, and serves until SIGTERM
//
// ws is that of Debian's package node-ws, or of the folder CRYO_NODE_FOLDER.
'use strict';

const { createCipheriv, createDecipheriv, createECDH, createHash } = require('node:crypto');
const path = require('node:path');

// Only Debian's own Node looks there by itself.
const { WebSocketServer } = require(path.resolve(process.env.CRYO_NODE_FOLDER || '/usr/share/nodejs', 'ws'));
const withCale = process.argv.includes('--cale');

const ACK = 0, PING_PONG = 2, UTF8 = 3, BINARY = 4, SERVER_HELLO = 5, CLIENT_HELLO = 6, DONE = 7;
const HEAD = 21, IV = 12, TAG = 16;

class Session {
    constructor(socket, sid) {
        Object.assign(this, { socket, sid, number: 0, counter: 0, sending: null, receiving: null, secure: false });
        socket.on('message', (data) => this.take(data));
        socket.on('error', () => {});
        if (!withCale) return;
        this.ecdh = createECDH('prime256v1');
        this.send(SERVER_HELLO, this.number++, this.ecdh.generateKeys());
    }

    send(type, number, payload) {
        const frame = Buffer.allocUnsafe(HEAD + payload.length);
        this.sid.copy(frame);
        frame.writeUInt32BE(number, 16);
        frame[20] = type;
        payload.copy(frame, HEAD);
        this.socket.send(this.secure ? this.seal(frame) : frame);
    }

    // Leaves out the counters whose record a client would take for a frame in the clear.
    seal(frame) {
        for (;;) {
            const iv = Buffer.alloc(IV);
            iv.writeUInt32BE(this.counter++, 8);
            const cipher = createCipheriv('aes-128-gcm', this.sending, iv);
            const record = Buffer.concat([iv, cipher.update(frame), cipher.final(), cipher.getAuthTag()]);
            if (record[20] > DONE) return record;
        }
    }

    open(record) {
        const decipher = createDecipheriv('aes-128-gcm', this.receiving, record.subarray(0, IV), { authTagLength: TAG });
        decipher.setAuthTag(record.subarray(-TAG));
        return Buffer.concat([decipher.update(record.subarray(IV, -TAG)), decipher.final()]);
    }

    take(data) {
        const frame = this.secure ? this.open(data) : data;
        const number = frame.readUInt32BE(16);
        const payload = frame.subarray(HEAD);
        switch (frame[20]) {
        case UTF8:
        case BINARY:
            this.send(ACK, number, Buffer.alloc(0));
            this.send(frame[20], this.number++, payload);
            break;
        case PING_PONG:
            // As the first implementation, it answers no ping.
            break;
        case CLIENT_HELLO: {
            const hash = createHash('sha256').update(this.ecdh.computeSecret(payload)).digest();
            this.sending = hash.subarray(0, 16);
            this.receiving = hash.subarray(16);
            this.send(DONE, number, Buffer.from('null'));
            break;
        }
        case DONE:
            this.secure = withCale;
            break;
        }
    }
}

const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    backlog: 4096,
    perMessageDeflate: false,
    verifyClient: ({ req }) => new URL(req.url, 'ws://x').searchParams.get('authorization')?.startsWith('Bearer '),
});
server.on('listening', () => console.log(server.address().port));
server.on('connection', (socket, request) => {
    const sid = new URL(request.url, 'ws://x').searchParams.get('x-cryo-sid');
    new Session(socket, Buffer.from(sid.replaceAll('-', ''), 'hex'));
});
process.on('SIGTERM', () => process.exit(0));
