// What the driver writes, and by which names it knows what it has made.

import { writeSync } from "node:fs";

// At once, also in front of the process's end.
export function write(line) {
    writeSync(1, JSON.stringify(line) + "\n");
}

export function tell(event, on, fields) {
    write({ event, on, ...fields });
}

export function payloadOf(given) {
    if ("text" in given) return given.text;
    return "hex" in given ? Buffer.from(given.hex, "hex") : Buffer.alloc(given.size, given.fill);
}

export function shown(message) {
    const bytes = Buffer.from(message);
    if (bytes.length > 1000) return { size: bytes.length, sum: bytes.reduce((sum, byte) => sum + byte, 0) };
    return typeof message === "string" ? { text: message } : { hex: bytes.toString("hex") };
}

// Options by this package's names.
const NAMES = { trusted_proxy: "trustedProxies", allowed_origin: "allowedOrigins", session_header: "sessionHeaders" };

export function optionsOf(given = {}) {
    const options = {};
    for (const [name, value] of Object.entries(given)) {
        if (name in NAMES) options[NAMES[name]] = [value].flat();
        else if (name === "parameter" || name === "header") options[`${name}s`] = [value];
        else options[name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())] = value;
    }
    return options;
}

// Objects, sessions and tickets.
export class Kept {
    tickets = new Map();
    #objects = new Map();
    #names = new Map();
    #counts = new Map();

    add(name, object) {
        this.#objects.set(name, object);
        this.#names.set(object, name);
    }

    newSession(owner, session) {
        const number = (this.#counts.get(owner) ?? 0) + 1;
        this.#counts.set(owner, number);
        this.add(`${owner}.${number}`, session);
        return `${owner}.${number}`;
    }

    newTicket(ticket) {
        const name = `t${this.tickets.size + 1}`;
        this.tickets.set(name, ticket);
        return name;
    }

    object(name) {
        if (!this.#objects.has(name)) throw new Error(`there is no ${name}`);
        return this.#objects.get(name);
    }

    nameOf(object) {
        return this.#names.get(object);
    }
}
