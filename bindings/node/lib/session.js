// One client that was let in, a peer, or a client's own end.

import { NEVER } from "./abi.js";
import { bytesOf, certificateFrom, idBytes, kindOf, pairFrom, realFrom, textFrom } from "./calls.js";
import { Stat, Status } from "./codes.js";
import { Emitter } from "./emitter.js";
import { check, errorOf } from "./errors.js";
import { messagesOf } from "./iterate.js";
import { cryo, sendBytes, sendText } from "./native.js";
import { FIRST_OWN, newReceipt } from "./receipts.js";
import { answerToken } from "./token.js";

// koffi brings text into UTF-8 in a place of its own; a longer one goes as a Buffer.
const LONGEST_TEXT = 1 << 16;
// Of a session that gives way to its peer, not faults of the caller's.
const NOT_TAKEN = new Set([Status.ERR_CLOSED, Status.ERR_FULL, Status.ERR_TOTAL_FULL]);

const MESSAGES = ["message-utf8", "message-binary", "message"];

const released = new FinalizationRegistry((handle) => cryo.cryo_session_release(handle));

export class Session extends Emitter {
    // Of a handle that is valid now; it is kept for as long as the object is.
    constructor(handle, owner) {
        super();
        this.handle = handle;
        this.high = Number(handle >> 32n);
        this.nextWithThisLow = undefined;
        this.owner = owner;
        this.user = undefined;
        this.closed = false;
        this.early = undefined; // messages that nobody listens to yet
        cryo.cryo_session_retain(handle);
        released.register(this, handle);
    }

    // ---- telling

    // To its own listeners, and to those of its server's, who get the session in front.
    tellBoth(event, ...values) {
        if (this.listenerCount(event) > 0) this.tell(event, ...values);
        const { owner } = this;
        if (owner !== this && owner.listenerCount(event) > 0) owner.tell(event, this, ...values);
    }

    // The way of each message, so it is as short as can be. `id` is 0 for one that is acknowledged already.
    tellMessage(message, id) {
        const event = typeof message === "string" ? "message-utf8" : "message-binary";
        try {
            if (id === 0) this.emit(event, message);
            else this.emit(event, message, id);
        } catch (error) {
            this.report(error, event);
        }
        const { owner } = this;
        if (this.listenerCount("message") === 0 && (owner === this || owner.listenerCount("message") === 0)) return;
        if (id === 0) this.tellBoth("message", message);
        else this.tellBoth("message", message, id);
    }

    // Whether anybody listens to its messages.
    isHeard() {
        return MESSAGES.some((event) => this.listenerCount(event) > 0) || this.owner.listenerCount("message") > 0;
    }

    on(event, listener) {
        super.on(event, listener);
        if (this.early !== undefined && MESSAGES.includes(event)) this.early.tellSoon();
        return this;
    }

    addListener(event, listener) {
        return this.on(event, listener);
    }

    // The first event of its session.
    tellConnected() {
        this.owner.tell("session", this);
    }

    // ---- talking

    send(message, options) {
        if (options?.receipt !== undefined && !isOwnReceipt(options.receipt)) {
            throw new RangeError("a receipt is a whole number from 1 to 2 ** 63 - 1");
        }
        const status = options === undefined ? this.#send(message) : this.#sendWith(message, options.key, options.receipt);
        if (status !== 0) throw errorOf(status);
    }

    // A promise of what becomes of the message. It is kept, whatever happens: {outcome, rttMs, by}.
    sendWithReceipt(message, options) {
        const { number, promise, forget } = newReceipt();
        try {
            const status = this.#sendWith(message, options?.key, number);
            if (status !== 0) throw errorOf(status);
        } catch (error) {
            forget();
            return Promise.reject(error);
        }
        return promise;
    }

    #send(message) {
        if (typeof message === "string" && message.length <= LONGEST_TEXT) {
            return sendText(this.handle, 1, message, Buffer.byteLength(message));
        }
        const bytes = bytesOf(message);
        return sendBytes(this.handle, kindOf(message), bytes, bytes.byteLength);
    }

    #sendWith(message, key, receipt) {
        const bytes = bytesOf(message);
        return cryo.cryo_session_send_with(this.handle, kindOf(message), bytes, bytes.byteLength, key ?? null, receipt ?? 0);
    }

    ping() {
        check(cryo.cryo_session_ping(this.handle));
    }

    close(code = 4000, reason = null) {
        check(cryo.cryo_session_close(this.handle, code, reason));
    }

    pause() {
        check(cryo.cryo_session_pause_reading(this.handle));
    }

    resume() {
        check(cryo.cryo_session_resume_reading(this.handle));
    }

    ack(id) {
        check(cryo.cryo_message_ack(this.handle, id));
    }

    setExpiry(ms) {
        check(cryo.cryo_session_set_expiry_ms(this.handle, ms === Infinity ? NEVER : BigInt(Math.trunc(ms))));
    }

    // Messages as they come, until the session has closed. While nobody takes them the peer is held up.
    messages() {
        return messagesOf(this);
    }

    // ---- what it is

    get id() {
        this.knownId ??= textFrom((...out) => cryo.cryo_session_id_text(this.handle, ...out));
        return this.knownId;
    }

    get idBytes() {
        return idBytes(this.id);
    }

    get isOpen() {
        return cryo.cryo_session_is_open(this.handle) === 1;
    }

    get isSecure() {
        return cryo.cryo_session_is_secure(this.handle) === 1;
    }

    get isPeer() {
        return cryo.cryo_session_is_peer(this.handle) === 1;
    }

    get token() {
        return textFrom((...out) => cryo.cryo_session_token(this.handle, ...out));
    }

    get remoteAddress() {
        return textFrom((...out) => cryo.cryo_session_remote_address(this.handle, ...out));
    }

    get proxyAddress() {
        return textFrom((...out) => cryo.cryo_session_proxy_address(this.handle, ...out));
    }

    get path() {
        return textFrom((...out) => cryo.cryo_session_path(this.handle, ...out));
    }

    // Of the request, but for the token; of one name the first.
    get parameters() {
        const all = [];
        for (let pair; (pair = pairFrom((...out) => cryo.cryo_session_parameter_at(this.handle, all.length, ...out)));) {
            all.push(pair);
        }
        return new URLSearchParams(all);
    }

    header(name) {
        return textFrom((...out) => cryo.cryo_session_header(this.handle, name, ...out));
    }

    claim(name) {
        return textFrom((...out) => cryo.cryo_session_claim(this.handle, name, ...out));
    }

    get peerCertificate() {
        return certificateFrom(
            this.handle,
            cryo.cryo_session_peer_certificate_subject,
            cryo.cryo_session_peer_certificate_name,
            cryo.cryo_session_peer_certificate_fingerprint,
        );
    }

    get stats() {
        const stat = (number) => realFrom((out) => cryo.cryo_session_stat(this.handle, number, out));
        return {
            rttMs: stat(Stat.RTT),
            bytesRx: stat(Stat.BYTES_RX),
            bytesTx: stat(Stat.BYTES_TX),
            ackTimeouts: stat(Stat.ACK_TIMEOUT),
            queuedBytes: stat(Stat.QUEUED_BYTES),
            queuedCount: stat(Stat.QUEUED_COUNT),
        };
    }

    // ---- values of the application's

    set(key, value) {
        this.values ??= new Map();
        this.values.set(key, value);
    }

    get(key) {
        return this.values?.get(key);
    }

    // Clients and peers only: before each attempt to connect.
    giveToken(ticket) {
        answerToken(ticket, this.tokenProvider, this.owner);
    }

    // ---- the names of the server for Node.js that came first

    // True: it was accepted. False: the session is closed, or its queue is full.
    SendUTF8(text) {
        return accepted(this.#send(String(text)));
    }

    SendBinary(bytes) {
        return accepted(this.#send(bytesOf(bytes)));
    }

    SendPing() {
        return accepted(cryo.cryo_session_ping(this.handle));
    }

    Set(key, value) {
        this.set(key, value);
    }

    Get(key) {
        return this.get(key);
    }

    Destroy() {
        accepted(cryo.cryo_session_close(this.handle, 4000, null));
    }

    toJSON() {
        return { id: this.id };
    }

    [Symbol.for("nodejs.util.inspect.custom")]() {
        return `${this.constructor.name} { id: '${this.id}', closed: ${this.closed} }`;
    }
}

function accepted(status) {
    if (status < 0 && !NOT_TAKEN.has(status)) throw errorOf(status);
    return status === 0;
}

// Larger ones are this package's.
function isOwnReceipt(number) {
    return BigInt(number) > 0n && BigInt(number) < FIRST_OWN;
}
