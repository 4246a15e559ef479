// Cryo frames, as the first clients for Node write and read them.
'use strict';

const ACK = 0, ERROR = 1, PING_PONG = 2, UTF8DATA = 3, BINARYDATA = 4;
const SERVER_HELLO = 5, CLIENT_HELLO = 6, HANDSHAKE_DONE = 7;
const HEAD = 21;

function head(sid, number, type, payload) {
    const frame = Buffer.alloc(HEAD + payload);
    Buffer.from(sid.replaceAll('-', ''), 'hex').copy(frame, 0);
    frame.writeUInt32BE(number, 16);
    frame.writeUInt8(type, 20);
    return frame;
}

const ack = (sid, number) => head(sid, number, ACK, 0);

// An empty payload becomes the text `null`. A byte is allotted for each UTF-16 unit of a text: what needs more is cut,
// and what a cut character leaves over stays zero.
function text(sid, number, payload) {
    const value = payload || 'null';
    const frame = head(sid, number, UTF8DATA, value.length);
    frame.write(value, HEAD, 'utf8');
    return frame;
}

function binary(sid, number, payload) {
    const value = payload.length > 0 ? payload : Buffer.from('null');
    const frame = head(sid, number, BINARYDATA, value.length);
    value.copy(frame, HEAD);
    return frame;
}

function pingPong(sid, number, payload) {
    const frame = head(sid, number, PING_PONG, payload.length);
    frame.write(payload, HEAD, 'utf8');
    return frame;
}

function hello(sid, number, point, type = CLIENT_HELLO) {
    const frame = head(sid, number, type, point.length);
    point.copy(frame, HEAD);
    return frame;
}

const handshakeDone = (sid, number) => hello(sid, number, Buffer.from('null'), HANDSHAKE_DONE);

const numberOf = (frame) => frame.readUInt32BE(16);
const typeOf = (frame) => frame.readUInt8(20);
const payloadOf = (frame) => frame.subarray(HEAD);

module.exports = {
    ACK, ERROR, PING_PONG, UTF8DATA, BINARYDATA, SERVER_HELLO, CLIENT_HELLO, HANDSHAKE_DONE,
    ack, text, binary, pingPong, hello, handshakeDone, numberOf, typeOf, payloadOf,
};
