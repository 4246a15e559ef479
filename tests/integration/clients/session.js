// A session as the first clients hold it: their own numbers, ACKs at once and counted, a ping for each pong, unasked.
'use strict';

const { EventEmitter } = require('node:events');
const frames = require('./frames.js');

class Session extends EventEmitter {
    constructor(socket, sid) {
        super();
        this.socket = socket;
        this.sid = sid;
        this.next = socket.hellos || 0;
        this.unacknowledged = new Set();
        this.counts = { sent: 0, acked: 0, received: 0, pings: 0, pongs: 0, errors: 0, strayAcks: 0, gaps: 0 };
        this.expected = socket.hellos || 0; // the number of the next frame that the server originates
        socket.on('message', (data) => this.take(data));
        socket.on('close', (code, reason) => this.emit('closed', code, String(reason)));
    }

    sendText(payload) { this.sendData(frames.text(this.sid, this.next, payload)); }
    sendBinary(payload) { this.sendData(frames.binary(this.sid, this.next, payload)); }

    sendData(frame) {
        this.unacknowledged.add(this.next);
        this.next = (this.next + 1) >>> 0;
        this.counts.sent++;
        this.socket.send(frame);
    }

    ping() {
        this.socket.send(frames.pingPong(this.sid, this.next, 'ping'));
        this.next = (this.next + 1) >>> 0;
    }

    close(code, reason) { this.socket.close(code, reason); }

    originated(number) {
        if (number !== this.expected) this.counts.gaps++;
        this.expected = (number + 1) >>> 0;
    }

    take(data) {
        const number = frames.numberOf(data);
        const payload = frames.payloadOf(data);
        switch (frames.typeOf(data)) {
        case frames.ACK:
            if (!this.unacknowledged.delete(number)) this.counts.strayAcks++;
            this.counts.acked++;
            this.emit('acked');
            break;
        case frames.PING_PONG:
            if (payload.toString() === 'ping') {
                this.originated(number);
                this.counts.pings++;
                this.socket.send(frames.pingPong(this.sid, number, 'pong'));
            } else {
                this.counts.pongs++;
                if (this.counts.pongs < 50) this.ping(); // these clients would never end it
            }
            break;
        case frames.UTF8DATA:
        case frames.BINARYDATA:
            this.originated(number);
            this.socket.send(frames.ack(this.sid, number));
            this.counts.received++;
            this.emit('message', frames.typeOf(data) === frames.UTF8DATA ? payload.toString() : Buffer.from(payload));
            break;
        default:
            this.counts.errors++;
        }
    }
}

// Where frames are encrypted and decrypted side by side, they change places; none may be missing all the same.
class UnorderedSession extends Session {
    constructor(socket, sid) {
        super(socket, sid);
        this.numbers = new Set();
    }

    originated(number) {
        this.numbers.add(number);
        this.expected = Math.max(this.expected, number + 1);
        this.counts.gaps = this.expected - this.socket.hellos - this.numbers.size;
    }
}

module.exports = { Session, UnorderedSession };
