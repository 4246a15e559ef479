// Extensions of a server or a client: they look at messages before they are sent and after they were received.

import { Direction, MessageKind, Status, Verdict } from "./codes.js";
import { handleFrom } from "./calls.js";
import { check } from "./errors.js";
import { cryo } from "./native.js";
import * as record from "./records.js";

const HOOKS = [
    ["before_send_utf8", Direction.BEFORE_SEND, MessageKind.UTF8],
    ["before_send_binary", Direction.BEFORE_SEND, MessageKind.BINARY],
    ["on_receive_utf8", Direction.ON_RECEIVE, MessageKind.UTF8],
    ["on_receive_binary", Direction.ON_RECEIVE, MessageKind.BINARY],
];
const NAME_OF = new Map(HOOKS.map(([name, direction, kind]) => [direction * 4 + kind, name]));

export class Extensions {
    // `of`: "server" or "client".
    constructor(of, owner, queue) {
        this.of = of;
        this.owner = owner;
        this.queue = queue;
        this.byName = new Map();
    }

    call(verb, ...rest) {
        return cryo[`cryo_${this.of}_${verb}_extension`](this.owner.nativeHandle, ...rest);
    }

    add(extension) {
        const handle = handleFrom((out) => cryo.cryo_extension_new(extension.name, null, null, out));
        try {
            for (const [name, direction, kind] of HOOKS) {
                if (typeof extension[name] === "function") {
                    check(cryo.cryo_extension_set_queue(handle, direction, kind, this.queue()));
                }
            }
            if (extension.timeoutMs !== undefined) check(cryo.cryo_extension_set_timeout_ms(handle, extension.timeoutMs));
            if (extension.onFailure !== undefined) {
                const what = { pass: Verdict.PASS, stop: Verdict.STOP }[extension.onFailure];
                if (what === undefined) throw new TypeError(`onFailure is "stop" or "pass", not ${extension.onFailure}`);
                check(cryo.cryo_extension_set_on_failure(handle, what));
            }
            check(this.call("add", handle));
        } finally {
            cryo.cryo_extension_free(handle);
        }
        this.byName.set(extension.name, extension);
        this.#run(extension, "onRegister");
    }

    // Tickets that are out still count, so it is known by its name until another one takes that.
    remove(name) {
        check(this.call("remove", name));
        const extension = this.byName.get(name);
        if (extension) this.#run(extension, "onUnregister");
    }

    find(name) {
        let handle;
        try {
            handle = handleFrom((out) => this.call("find", name, out));
        } catch (error) {
            if (error.status === Status.ERR_NOT_FOUND) return undefined;
            throw error;
        }
        cryo.cryo_extension_free(handle);
        return this.byName.get(name);
    }

    #run(extension, name) {
        try {
            extension[name]?.(this.owner);
        } catch (error) {
            this.owner.report(error, name);
        }
    }

    // An event that asks a hook.
    ask(session, room, at) {
        const ticket = new Hook(record.ticketOf(room, at));
        const extension = this.byName.get(record.textOf(room, at));
        const name = NAME_OF.get(record.codeOf(room, at) * 4 + record.messageKindOf(room, at));
        if (typeof extension?.[name] !== "function") {
            ticket.pass();
            return;
        }
        const message = record.messageOf(room, at);
        const box = { value: message };
        const before = typeof message === "string" ? message : Buffer.from(message); // a hook may change it in place
        const answered = (answer) => answerFor(ticket, box, before, answer, extension[name].length > 2, name);
        const failed = (error) => {
            ticket.fail(String(error?.message ?? error));
            this.owner.report(error, name);
        };
        try {
            const answer = extension[name](session, box, ticket);
            if (typeof answer?.then === "function") answer.then(answered).catch(failed);
            else answered(answer);
        } catch (error) {
            failed(error);
        }
    }
}

function answerFor(ticket, box, before, answer, answersLater, name) {
    if (answer === true) {
        if (isSame(box.value, before)) ticket.pass();
        else ticket.replace(box.value);
    } else if (answer === false) {
        ticket.stop();
    } else if (!answersLater && !ticket.isSettled) {
        throw new TypeError(`${name} must return true (the message goes on) or false (it does not)`);
    }
}

function isSame(message, before) {
    return message === before || (typeof before !== "string" && ArrayBuffer.isView(message) && before.equals(message));
}

// A message's ticket, for hooks that answer later: they have it as their third argument.
export class Hook {
    #ticket;

    constructor(ticket) {
        this.#ticket = ticket;
        this.isSettled = false;
    }

    // These answer false where there is nothing to settle any more.

    pass() {
        return this.#settle(cryo.cryo_hook_pass(this.#ticket));
    }

    replace(message) {
        const bytes = typeof message === "string" ? Buffer.from(message) : message;
        return this.#settle(cryo.cryo_hook_replace(this.#ticket, bytes, bytes.byteLength));
    }

    stop() {
        return this.#settle(cryo.cryo_hook_stop(this.#ticket));
    }

    fail(reason = null) {
        return this.#settle(cryo.cryo_hook_fail(this.#ticket, reason));
    }

    #settle(status) {
        if (status !== Status.ERR_STATE && status !== Status.ERR_HANDLE) check(status);
        this.isSettled = true;
        return status === 0;
    }
}
