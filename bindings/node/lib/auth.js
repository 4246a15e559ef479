// A client's ticket: shall this token come in? It is settled once, now or later.

import { NEVER } from "./abi.js";
import { certificateFrom, textFrom } from "./calls.js";
import { Status } from "./codes.js";
import { check } from "./errors.js";
import { cryo } from "./native.js";

export class Auth {
    #ticket;
    #users;

    // `users` keeps what a session shall have as its user until there is the session.
    constructor(ticket, token, users) {
        this.#ticket = ticket;
        this.#users = users;
        this.token = token;
        this.isSettled = false;
    }

    // These answer false where there is nothing to settle any more: settled before, timed out, or the client has gone.

    // With a user the session has it as `session.user` from its first event on.
    accept(user) {
        if (user === undefined) return this.#settle(cryo.cryo_auth_accept(this.#ticket));
        const number = this.#users.add(user);
        const settled = this.#settle(cryo.cryo_auth_accept_with(this.#ticket, number, null));
        if (!settled) this.#users.take(number);
        return settled;
    }

    replace() {
        return this.#settle(cryo.cryo_auth_replace(this.#ticket));
    }

    reject(reason = null) {
        return this.#settle(cryo.cryo_auth_reject(this.#ticket, reason));
    }

    refuse(httpStatus, body = null, retryAfterMs = 0) {
        return this.#settle(cryo.cryo_auth_refuse(this.#ticket, httpStatus, body, retryAfterMs));
    }

    #settle(status) {
        if (status === Status.ERR_STATE || status === Status.ERR_HANDLE) {
            this.isSettled = true;
            return false;
        }
        check(status);
        this.isSettled = true;
        return true;
    }

    setClaim(name, value) {
        check(cryo.cryo_auth_set_claim(this.#ticket, name, value));
    }

    setExpiry(ms) {
        check(cryo.cryo_auth_set_expiry_ms(this.#ticket, ms === Infinity ? NEVER : BigInt(Math.trunc(ms))));
    }

    get remoteAddress() {
        return textFrom((...out) => cryo.cryo_auth_remote_address(this.#ticket, ...out));
    }

    get proxyAddress() {
        return textFrom((...out) => cryo.cryo_auth_proxy_address(this.#ticket, ...out));
    }

    get path() {
        return textFrom((...out) => cryo.cryo_auth_path(this.#ticket, ...out));
    }

    parameter(name) {
        return textFrom((...out) => cryo.cryo_auth_parameter(this.#ticket, name, ...out));
    }

    header(name) {
        return textFrom((...out) => cryo.cryo_auth_header(this.#ticket, name, ...out));
    }

    get peerCertificate() {
        return certificateFrom(
            this.#ticket,
            cryo.cryo_auth_peer_certificate_subject,
            cryo.cryo_auth_peer_certificate_name,
            cryo.cryo_auth_peer_certificate_fingerprint,
        );
    }
}

// What validators have given to sessions that are not announced yet: a number goes with the library's session.
const KEPT_MS = 60_000;

export class Users {
    #waiting = new Map();
    #last = 0;
    #keptMs;

    constructor(keptMs = 0) {
        this.#keptMs = KEPT_MS + keptMs;
    }

    get isUsed() {
        return this.#last > 0;
    }

    add(user) {
        const now = performance.now();
        // Of clients that have gone before they were announced, which nobody tells.
        for (const [number, each] of this.#waiting) {
            if (now - each.since < this.#keptMs) break;
            this.#waiting.delete(number);
        }
        this.#waiting.set(++this.#last, { user, since: now });
        return BigInt(this.#last);
    }

    // The one with this number, once.
    take(number) {
        const found = this.#waiting.get(Number(number));
        this.#waiting.delete(Number(number));
        return found;
    }
}
