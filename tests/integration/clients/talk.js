// Conversations with an echo, in which nothing may be missing, and their ends.
'use strict';

const { once } = require('node:events');

function check(condition, words) {
    if (!condition) throw new Error(words);
}

const ofBytes = (bytes) => ({ send: (session) => session.sendBinary(bytes), echo: bytes });
const ofText = (text, echo = text) => ({ send: (session) => session.sendText(text), echo });

// What the echo of the i-th message must be; `send` sends it.
function message(i) {
    if (i % 5 === 4) return ofBytes(Buffer.alloc(i % 300 + 1, i));
    if (i % 100 === 0) return ofText('', 'null');
    // Three units, six bytes: cut where the second character finds no room, the rest stays zero.
    if (i % 100 === 1) return ofText('\u00e4\u20acx', '\u00e4\0');
    return ofText(`message ${i}`);
}

// Of many sizes, in ASCII: the client for browsers fails on other texts.
const large = Buffer.alloc(2 ** 20);
for (let i = 0; i < large.length; i++) large[i] = i * 31 >>> 3;
function messageOfAnySize(i) {
    if (i % 250 === 249) return ofBytes(large.subarray(0, 2 ** 20 - i % 7));
    if (i % 50 === 7) return ofBytes(large.subarray(i, i + 2 ** 16));
    if (i % 50 === 8) return ofText(String.fromCharCode(97 + i % 26).repeat(2 ** 16));
    if (i % 20 === 3) return ofText(String(i % 10)); // one byte
    return i % 100 === 1 ? ofText(`message ${i}`) : message(i);
}

const same = (a, b) => Buffer.isBuffer(a) ? Buffer.isBuffer(b) && a.equals(b) : a === b;

// In order, or in any.
function takeExpected(expected, came, ordered) {
    const at = ordered ? 0 : expected.findIndex((wanted) => same(wanted, came));
    if (at < 0 || expected.length === 0 || !same(expected[at], came)) return false;
    expected.splice(at, 1);
    return true;
}

async function talk(session, count, { window = 100, next = message, ordered = true } = {}) {
    const expected = [];
    let sent = 0, done = 0;
    const more = () => {
        while (sent < count && sent - done < window) {
            const one = next(sent++);
            expected.push(one.echo);
            one.send(session);
        }
    };
    await new Promise((resolve, reject) => {
        session.on('closed', (code, reason) => reject(new Error(`closed with ${code} ${reason} after ${done} messages`)));
        session.on('message', (came) => {
            if (!takeExpected(expected, came, ordered))
                return reject(new Error(`message ${done}: ${came.slice(0, 80)} instead of ${expected[0]?.slice(0, 80)}`));
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

module.exports = { check, leave, messageOfAnySize, talk };
