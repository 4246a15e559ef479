// A client: a session from its side, which connects again by itself when the connection is lost.

import { handleFrom } from "./calls.js";
import { newClientOptions } from "./client_settings.js";
import { Status } from "./codes.js";
import { Emitter } from "./emitter.js";
import { whenOver } from "./ending.js";
import { CryoError, check, refusal } from "./errors.js";
import { taker } from "./events.js";
import { Extensions } from "./extension.js";
import { cryo } from "./native.js";
import { EventQueue } from "./queue.js";
import { Session } from "./session.js";
import { forgetSession, keepSession } from "./session_table.js";

// All clients share a queue, which is there while there are clients. Their handles tell them apart.
const shared = {
    queue: undefined,
    count: 0,
    report: Emitter.prototype.report.bind(new Emitter()),

    enter() {
        this.queue ??= new EventQueue(taker(this));
        if (this.count++ === 0) this.isWatched = false;
        return this.queue;
    },

    // A descriptor that is watched keeps the process alive, so only while a client has begun.
    watch() {
        if (!this.isWatched) this.queue.watch();
        this.isWatched = true;
    },

    leave() {
        if (--this.count > 0) return;
        this.queue.close();
        this.queue = undefined;
    },
};

export class Client extends Session {
    #state = "new";
    #end;

    // Begins with start().
    constructor(url, token, options = {}) {
        const settings = newClientOptions(url, token, options);
        const queue = shared.enter();
        let native;
        try {
            native = settings.use((handle) => make(handle, queue));
        } catch (error) {
            shared.leave();
            throw error;
        }
        super(BigInt(cryo.cryo_client_session(native)), undefined);
        this.nativeHandle = native;
        this.tokenProvider = settings.tokenProvider;
        this.owner = this;
        this.extensions = new Extensions("client", this, () => queue.handle);
        this.#end = new Promise((resolve) => this.once("close", resolve));
        keepSession(this);
    }

    start() {
        check(cryo.cryo_client_start(this.nativeHandle));
        this.#state = "started";
        shared.watch();
        return this;
    }

    // Connects: the promise is kept once it is connected, and broken when it is over before.
    connect() {
        return new Promise((resolve, reject) => {
            let failure;
            const failed = (each) => (failure = each);
            const done = (code, reason) => {
                this.off("attempt-failed", failed);
                this.off("connected", done);
                this.off("closed", done);
                if (code === undefined) resolve(this);
                else if (failure) reject(new CryoError(failure.status, failure.code, failure.text));
                else reject(refusal("ERR_CLOSED", `The client was closed: ${code} ${reason}`.trim()));
            };
            this.on("attempt-failed", failed);
            this.on("connected", done);
            this.on("closed", done);
            try {
                this.start();
            } catch (error) {
                reject(error);
            }
        });
    }

    tellConnected() {
        this.tell("connected");
    }

    // For good. The promise is kept when it has closed.
    close(code = 4000, reason = null) {
        if (this.#state === "new") {
            forgetSession(this);
            this.closed = true;
            this.#free();
        } else if (this.#state === "started") {
            const status = cryo.cryo_client_close(this.nativeHandle, code, reason);
            if (status !== Status.ERR_CLOSED) check(status);
        }
        return this.#end;
    }

    // Until it has closed, by whomever.
    wait() {
        return this.#end;
    }

    Destroy() {
        return this.close();
    }

    setToken(token) {
        check(cryo.cryo_client_set_token(this.nativeHandle, token));
    }

    addExtension(extension) {
        this.extensions.add(extension);
    }

    removeExtension(name) {
        this.extensions.remove(name);
    }

    findExtension(name) {
        return this.extensions.find(name);
    }

    // Its last event was told.
    over() {
        this.#state = "closed";
        whenOver(
            () => cryo.cryo_client_wait(this.nativeHandle, 0) !== Status.ERR_TIMEOUT,
            () => this.#free(),
        );
    }

    #free() {
        this.#state = "freed";
        cryo.cryo_client_free(this.nativeHandle);
        shared.leave();
        this.tell("close");
    }
}

if (Symbol.asyncDispose) {
    Client.prototype[Symbol.asyncDispose] = function () {
        return this.close();
    };
}

function make(options, queue) {
    const events = handleFrom((out) => cryo.cryo_events_new(null, null, out));
    try {
        check(cryo.cryo_events_use_queue(events, queue.handle));
        check(cryo.cryo_client_options_set_events(options, events));
        return handleFrom((out) => cryo.cryo_client_new(options, out));
    } finally {
        cryo.cryo_events_free(events);
    }
}
