// A server: sessions, events, and what is asked of all of them.

import { bytesOf, handleFrom, idBytes, kindOf, realFrom, textFrom } from "./calls.js";
import { Auth, Users } from "./auth.js";
import { ServerStat, Status, Transport } from "./codes.js";
import { newClientOptions } from "./client_settings.js";
import { Emitter } from "./emitter.js";
import { whenOver } from "./ending.js";
import { check, refusal } from "./errors.js";
import { taker } from "./events.js";
import { Extensions } from "./extension.js";
import { sessionsOf } from "./iterate.js";
import { cryo, outAddress, outBig } from "./native.js";
import { serverSettings, withServerOptions } from "./options.js";
import { EventQueue } from "./queue.js";
import { Session } from "./session.js";
import { keepSession, sessionByHandle } from "./session_table.js";

const TRANSPORTS = new Map(Object.entries(Transport).map(([name, value]) => [value, name.toLowerCase()]));

export class Server extends Emitter {
    #queue;
    #validator;
    #users;
    #isEnding = false;
    #end;

    constructor(validator, options = {}) {
        super();
        this.#validator = validatorOf(validator);
        const { queueCapacity, ...settings } = options;
        this.#users = new Users(serverSettings(settings).caleTimeoutMs);
        this.isClosed = false;
        this.address = undefined;
        this.#queue = new EventQueue(taker(this), queueCapacity);
        try {
            this.nativeHandle = withServerOptions(settings, (handle) => this.#make(handle));
        } catch (error) {
            this.#queue.close();
            throw error;
        }
        this.extensions = new Extensions("server", this, () => this.#queue.handle);
        this.#end = new Promise((resolve) => this.once("close", resolve));
    }

    #make(options) {
        const events = handleFrom((out) => cryo.cryo_events_new(null, null, out));
        try {
            check(cryo.cryo_events_use_queue(events, this.#queue.handle));
            check(cryo.cryo_server_options_set_events(options, events));
            return handleFrom((out) => cryo.cryo_server_new(options, out));
        } finally {
            cryo.cryo_events_free(events);
        }
    }

    // ---- beginning and end

    // Binds and listens. Clients can connect when the promise is kept; "listening" comes behind it.
    async start() {
        this.#mustBeAlive();
        check(cryo.cryo_server_start(this.nativeHandle));
        this.#queue.watch();
        return this;
    }

    // Begins to stop, and returns at once: every session closes. "close" tells the end.
    stop() {
        if (this.isClosed) return;
        const status = cryo.cryo_server_stop(this.nativeHandle);
        if (status === Status.ERR_STATE)
            this.#free(); // it was not started
        else check(status);
        this.#watchEnd();
    }

    // Stops, and waits for that.
    close() {
        this.stop();
        return this.#end;
    }

    // Until it has stopped, by whomever.
    wait() {
        return this.#end;
    }

    drain({ deadlineMs = 30_000, batchMs = 0, code = 4000, reason = "Server shutdown.", retryMs = 0 } = {}) {
        if (!this.isClosed) {
            check(cryo.cryo_server_drain_with(this.nativeHandle, deadlineMs, batchMs, code, reason, retryMs));
            this.#watchEnd();
        }
        return this.#end;
    }

    #watchEnd() {
        if (this.#isEnding || this.isClosed) return;
        this.#isEnding = true;
        whenOver(
            () => this.isClosed || cryo.cryo_server_wait(this.nativeHandle, 0) === 0,
            () => this.#free(),
        );
    }

    #free() {
        if (this.isClosed) return;
        this.#queue.drain(); // the last events
        cryo.cryo_server_free(this.nativeHandle);
        this.#queue.close();
        this.isClosed = true;
        this.tell("close");
    }

    #mustBeAlive() {
        if (this.isClosed) throw refusal("ERR_CLOSED", "The server has stopped.");
    }

    // Whether it keeps the process alive, as it does at first.
    ref() {
        this.#queue.ref();
        return this;
    }

    unref() {
        this.#queue.unref();
        return this;
    }

    // ---- clients that come

    validate(ticket, token) {
        const auth = new Auth(ticket, token, this.#users);
        const failed = (error) => {
            if (!auth.isSettled) auth.reject();
            this.report(error, "validate");
        };
        const answered = (answer) => {
            if (auth.isSettled || (answer === undefined && this.#validator.answersLater)) return;
            if (answer === true) auth.accept();
            else auth.reject();
        };
        try {
            const answer = this.#validator.ask(token, auth);
            if (typeof answer?.then === "function") answer.then(answered).catch(failed);
            else answered(answer);
        } catch (error) {
            failed(error);
        }
    }

    newSession(handle) {
        return new Session(handle, this);
    }

    // What the validator has given for it.
    restore(session) {
        if (!this.#users.isUsed) return;
        const number = cryo.cryo_session_user(session.handle);
        const found = number ? this.#users.take(number) : undefined;
        if (found) session.user = found.user;
    }

    // ---- sessions

    get port() {
        return this.isClosed ? 0 : cryo.cryo_server_port(this.nativeHandle);
    }

    get transport() {
        return TRANSPORTS.get(cryo.cryo_server_transport(this.nativeHandle));
    }

    get sessionCount() {
        return Number(cryo.cryo_server_session_count(this.nativeHandle));
    }

    // The live ones that were announced here.
    get sessions() {
        for (let room = this.sessionCount + 64; ; room *= 2) {
            const handles = new BigUint64Array(room);
            check(cryo.cryo_server_sessions(this.nativeHandle, handles, room, outAddress));
            const count = Number(outBig[0]);
            const found = [...handles.subarray(0, Math.min(count, room))];
            const sessions = found.map(sessionByHandle).filter(Boolean);
            for (const each of found) cryo.cryo_session_release(each);
            if (count <= room) return sessions;
        }
    }

    findSession(id) {
        const status = cryo.cryo_server_find_session(this.nativeHandle, idBytes(id), outAddress);
        if (status === Status.ERR_NOT_FOUND) return undefined;
        check(status);
        const handle = outBig[0];
        const session = sessionByHandle(handle);
        cryo.cryo_session_release(handle);
        return session;
    }

    // To every live session but `except`; how many it was sent to, as far as that is known at once.
    broadcast(message, { except } = {}) {
        const bytes = bytesOf(message);
        check(cryo.cryo_server_broadcast(
            this.nativeHandle, kindOf(message), bytes, bytes.byteLength, except ? except.handle : 0n, outAddress,
        )); // prettier-ignore
        return Number(outBig[0]);
    }

    // A session from this server to another one. It has the events of clients, too.
    connectPeer(url, token, options = {}) {
        const settings = newClientOptions(url, token, options);
        const handle = settings.use((native) =>
            handleFrom((out) => cryo.cryo_server_connect_peer(this.nativeHandle, native, out)),
        );
        const session = this.newSession(handle);
        session.tokenProvider = settings.tokenProvider;
        keepSession(session);
        cryo.cryo_session_release(handle); // the object has one of its own
        return session;
    }

    // As they come, until the server has stopped.
    [Symbol.asyncIterator]() {
        return sessionsOf(this);
    }

    // ---- figures

    // `which`: one of ServerStat, or its name ("refused"). `of`: one kind of it.
    stat(which, of = 0) {
        const number = typeof which === "number" ? which : ServerStat[String(which).toUpperCase().replace(/-/g, "_")];
        return realFrom((out) => cryo.cryo_server_stat(this.nativeHandle, number ?? 0, of, out));
    }

    metrics() {
        return textFrom((...out) => cryo.cryo_server_metrics(this.nativeHandle, ...out));
    }

    // ---- TLS

    // Other certificates for connections to come. Without options: the same files, read again.
    setTls(options) {
        if (options === undefined) check(cryo.cryo_server_set_tls(this.nativeHandle, 0n));
        else withServerOptions(options, (handle) => check(cryo.cryo_server_set_tls(this.nativeHandle, handle)));
    }

    setTlsTicketKeys(keys) {
        check(cryo.cryo_server_set_tls_ticket_keys(this.nativeHandle, keys ?? null, keys?.byteLength ?? 0));
    }

    // ---- extensions

    addExtension(extension) {
        this.extensions.add(extension);
    }

    removeExtension(name) {
        this.extensions.remove(name);
    }

    findExtension(name) {
        return this.extensions.find(name);
    }

    // ---- the names of the server for Node.js that came first

    RegisterExtension(extension) {
        this.addExtension(extension);
    }

    Destroy() {
        return this.close();
    }
}

if (Symbol.asyncDispose) {
    Server.prototype[Symbol.asyncDispose] = function () {
        return this.close();
    };
}

// A function (token, auth), or an object with `validate(token, auth)` or `authorize(auth)`.
function validatorOf(given) {
    if (typeof given === "function") return { ask: given, answersLater: false };
    if (typeof given?.validate === "function") return { ask: (token, auth) => given.validate(token, auth), answersLater: false };
    if (typeof given?.authorize === "function") return { ask: (_, auth) => given.authorize(auth), answersLater: true };
    throw new TypeError("a server needs a validator: a function, or an object with validate(token) or authorize(auth)");
}
