// Does what bindings/conformance tells it, over this package. See bindings/conformance/README.md.

import { createInterface } from "node:readline";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Client, CryoError, Server, version } from "libcryo";
import { Kept, optionsOf, payloadOf, shown, tell, write } from "./telling.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

const kept = new Kept();
const EVENTS = ["message", "closed", "disconnected", "reconnected", "lost", "dropped", "writable", "receipt"];

// What a server or a client tells. `throws`: in which of its handlers something is thrown afterwards.
function listen(owner, of, given) {
    const isServer = of instanceof Server;
    const byHand = Boolean(given.options?.manual_ack);
    const throws = (of.throws = new Set());
    const done = (event, on, fields = {}) => {
        tell(event, on, fields);
        if (throws.has(event)) throw new Error(`thrown in ${event}`);
    };
    const fields = {
        message: (message, id) => ({ ...shown(message), ...(byHand ? { message: id } : {}) }),
        closed: (code, reason) => ({ code, reason }),
        disconnected: (code, reason) => ({ code, reason }),
        reconnected: () => ({}),
        lost: shown,
        dropped: (message, reason) => ({ reason, ...shown(message) }),
        writable: () => ({}),
        receipt: (receipt, { outcome, by = "" }) => ({ receipt, outcome: outcome.replace("-", "_"), by }),
    };
    for (const event of EVENTS) {
        of.on(event, (...values) => {
            const session = isServer ? values.shift() : of;
            if (event === "message" && given.echo) session.send(values[0]);
            done(event, kept.nameOf(session), fields[event](...values));
        });
    }
    of.on("error", (error) => tell("failure", owner, { text: String(error) }));
    of.on("attempt-failed", (...values) => {
        const { code, httpStatus = 0, retryMs = -1 } = values.at(-1);
        tell("attempt_failed", owner, { status: code, http_status: httpStatus, retry_ms: retryMs });
    });
    if (isServer) {
        of.on("listening", ({ port }) => done("listening", owner, { port }));
        of.on("session", (session) => done("session", owner, { session: kept.newSession(owner, session) }));
    } else {
        of.on("connected", () => done("session", owner));
    }
}

function validator(kind, owner) {
    const answer = (auth) => auth.token === "good";
    return {
        good: { validate: async (token) => token === "good" },
        later: { authorize: (auth) => void setImmediate(() => (answer(auth) ? auth.accept() : auth.reject())) },
        throw: () => { throw new Error("thrown in the validator"); },
        ask: { authorize: (auth) => tell("auth", owner, { ticket: kept.newTicket(auth), token: auth.token }) },
        never: { authorize: (auth) => void kept.newTicket(auth) },
    }[kind]; // prettier-ignore
}

function provider(kind) {
    return {
        good: async () => "good",
        throw: () => { throw new Error("thrown in the token provider"); },
        never: () => new Promise(() => {}),
    }[kind]; // prettier-ignore
}

function hook(given) {
    return (session, box, ticket) => {
        const direction = given.direction;
        switch (given.does) {
            case "throw":
                throw new Error("thrown in a hook");
            case "ask":
                tell("hook", kept.nameOf(session), {
                    ticket: kept.newTicket(ticket),
                    extension: given.name,
                    direction,
                    ...shown(box.value),
                });
                return undefined;
            case "replace":
                box.value = payloadOf(given);
                return true;
            default:
                return { pass: true, stop: false }[given.does];
        }
    };
}

// This package says by a truth value what others say by an error.
const settled = (inTime) => (inTime ? {} : { error: "CRYO_ERR_STATE", text: "settled before" });
const object = (given) => kept.object(given.on);
const ticket = (given) => kept.tickets.get(given.ticket);

const commands = {
    async server(given) {
        const options = { port: 0, ...optionsOf(given.options) };
        const server = new Server(validator(given.validator ?? "good", given.as), options);
        listen(given.as, server, given);
        kept.add(given.as, server);
        try {
            await server.start();
        } catch (error) {
            server.close();
            throw error;
        }
        return { port: server.port };
    },
    client(given) {
        const options = optionsOf(given.options);
        const port = given.to && kept.object(given.to).port;
        const url = given.url ?? (options.tlsCaFile ? `wss://localhost:${port}` : `ws://127.0.0.1:${port}`);
        const client = new Client(url, given.provider ? provider(given.provider) : (given.token ?? "good"), options);
        listen(given.as, client, given);
        kept.add(given.as, client);
        client.start();
    },
    send(given) {
        const { key, receipt } = given;
        object(given).send(payloadOf(given), key === undefined && receipt === undefined ? undefined : { key, receipt });
    },
    broadcast: (given) => void object(given).broadcast(payloadOf(given), { except: given.except && kept.object(given.except) }),
    burst(given) {
        for (let number = 0; number < given.count * given.threads; number++) {
            kept.object(given.on[number % given.on.length]).send(`${given.text} ${number}`);
        }
    },
    ping: (given) => object(given).ping(),
    close: (given) => void object(given).close(given.code, given.reason),
    stop: (given) => object(given).stop(),
    wait: (given) => object(given).wait(),
    free: (given) => object(given).close(),
    drain: (given) => void object(given).drain({ deadlineMs: given.deadline_ms, batchMs: given.batch_ms }),
    accept(given) {
        const auth = ticket(given);
        for (const [name, value] of Object.entries(given.claims ?? {})) auth.setClaim(name, value);
        if (given.expiry_ms !== undefined) auth.setExpiry(given.expiry_ms);
        return settled(auth.accept());
    },
    replace: (given) => settled(ticket(given).replace()),
    reject: (given) => settled(ticket(given).reject(given.reason)),
    refuse: (given) => settled(ticket(given).refuse(given.status, given.reason)),
    extension(given) {
        const extension = { name: given.name, timeoutMs: given.timeout_ms, onFailure: given.on_failure };
        for (const each of given.hooks) {
            extension[each.replace(" ", "_")] = hook({ ...given, direction: each.split(" ")[0] });
        }
        kept.add(given.as, extension);
    },
    add_extension: (given) => object(given).addExtension(kept.object(given.extension)),
    remove_extension: (given) => object(given).removeExtension(kept.object(given.extension).name),
    pass: (given) => settled(ticket(given).pass()),
    replace_with: (given) => settled(ticket(given).replace(payloadOf(given))),
    stop_message: (given) => settled(ticket(given).stop()),
    fail_message: (given) => settled(ticket(given).fail(given.reason)),
    get(given) {
        const { what, name } = given;
        if (what === "nothing") return {};
        const of = object(given);
        const facts = {
            stat: () => of.stat(name), metrics: () => of.metrics(), port: () => of.port, session_count: () => of.sessionCount,
            id: () => of.id, token: () => of.token, path: () => of.path, remote_address: () => of.remoteAddress,
            is_open: () => of.isOpen, is_secure: () => of.isSecure, parameter: () => of.parameters.get(name),
            header: () => of.header(name), claim: () => of.claim(name), queued_bytes: () => of.stats.queuedBytes,
        }; // prettier-ignore
        return { value: facts[what]() ?? null };
    },
    put: (given) => object(given).set(given.key, given.value),
    value: (given) => ({ value: object(given).get(given.key) ?? null }),
    pause: (given) => object(given).pause(),
    resume: (given) => object(given).resume(),
    ack: (given) => object(given).ack(given.message),
    find(given) {
        const found = object(given).findSession(given.session_id);
        return { session: found ? kept.nameOf(found) : null };
    },
    throw_in: (given) => void object(given).throws.add(given.event),
    collect: () => collect(),
};

async function carryOut(command) {
    if (command.do === "exit") process.exit(command.code);
    if (command.do === "throw") {
        setImmediate(() => { throw new Error("nothing catches this"); }); // prettier-ignore
        return;
    }
    let answer;
    try {
        answer = await commands[command.do](command);
    } catch (error) {
        answer = error instanceof CryoError ? { error: error.code, text: error.text } : { fault: String(error) };
    }
    write({ id: command.id, ...answer });
}

write({ driver: "node", library: version, features: ["collect", "throw"] });
for await (const line of createInterface({ input: process.stdin })) await carryOut(JSON.parse(line));
process.exit(0);
