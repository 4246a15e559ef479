// What a server or a client shall do: objects of the language become objects of the library.

import * as codes from "./codes.js";
import { handleFrom, idBytes } from "./calls.js";
import { check, refusal } from "./errors.js";
import { cryo } from "./native.js";
import { CLIENT_OPTIONS, SERVER_OPTIONS } from "./option_table.js";

// Those of servers that know no other names: `dropPolicy: "drop-oldest"`, `ssl`, `backpressure`.
const RENAMED = { keepAliveIntervalMs: "keepaliveMs", use_cale: "cale" };

// Handles of options for a library call; `use` gets one, and it is freed afterwards.
export function withServerOptions(settings, use) {
    return withOptions("server", SERVER_OPTIONS, serverSettings(settings), use);
}

export function withClientOptions(settings, use) {
    return withOptions("client", CLIENT_OPTIONS, settings, use);
}

export function serverSettings(settings) {
    const { ssl, backpressure, ...rest } = settings;
    const all = { ...backpressure, ...rest };
    for (const [from, to] of Object.entries(RENAMED)) {
        if (from in all) {
            all[to] ??= all[from];
            delete all[from];
        }
    }
    if (ssl) all.tlsMemory ??= [ssl.cert, ssl.key];
    if (all.threads === 0) throw new RangeError("threads must be 1 or more: here the library's own threads serve");
    return all;
}

function withOptions(of, table, settings, use) {
    const handle = handleFrom(cryo[`cryo_${of}_options_new`]);
    try {
        for (const [name, value] of Object.entries(settings)) {
            if (!(name in table)) throw new TypeError(`there is no ${of} option ${JSON.stringify(name)}`);
            if (value === undefined || value === null) continue;
            set(handle, name, value, ...table[name]);
        }
        return use(handle);
    } finally {
        cryo[`cryo_${of}_options_free`](handle);
    }
}

function set(handle, name, value, functionName, shape, choice) {
    const call = cryo[functionName];
    if (!shape.startsWith("list of ")) {
        check(call(handle, ...argumentsOf(name, value, shape, choice)));
        return;
    }
    const one = shape.slice("list of ".length);
    const values = one === "pair" && !Array.isArray(value) ? Object.entries(value) : value;
    if (!Array.isArray(values)) throw new TypeError(`${name} must be an array`);
    for (const each of values) check(call(handle, ...argumentsOf(name, each, one)));
}

const BITS = { u16: 16n, u32: 32n, i32: 31n, u64: 64n };

function argumentsOf(name, value, shape, choice) {
    switch (shape) {
        case "choice":
            return [typeof value === "number" ? value : chosen(name, value, codes[choice])];
        case "flag":
            return [value ? 1 : 0];
        case "flag or text":
            return typeof value === "string" ? [1, value] : [value ? 1 : 0, null];
        case "text":
            return [textOf(name, value)];
        case "files":
        case "pair":
            return [textOf(name, value[0]), textOf(name, value[1])];
        case "memory":
            return [...bytesAndLength(name, value[0]), ...bytesAndLength(name, value[1])];
        case "bytes":
            return bytesAndLength(name, value);
        case "id":
            return [idBytes(value)];
        default:
            return [numberOf(name, value, BITS[shape])];
    }
}

function numberOf(name, value, bits) {
    const whole = typeof value === "bigint" || Number.isInteger(value);
    if (!whole) throw new TypeError(`${name} must be a whole number`);
    if (value < 0 || BigInt(value) >= 1n << bits) {
        throw refusal("ERR_INVALID", `${name} must be 0 to ${(1n << bits) - 1n}, not ${value}.`);
    }
    return value;
}

function textOf(name, value) {
    if (typeof value !== "string") throw new TypeError(`${name} must be a string`);
    return value;
}

function bytesAndLength(name, value) {
    const bytes = typeof value === "string" ? Buffer.from(value) : value;
    if (!ArrayBuffer.isView(bytes)) throw new TypeError(`${name} must be a Buffer or a string`);
    return [bytes, bytes.byteLength];
}

// "dedupe-latest", "drop-oldest" or "oldest", "1.3".
function chosen(name, word, numbers) {
    const key = String(word).toUpperCase().replace(/[-.]/g, "_");
    const found = [key, `DROP_${key}`, `TLS_${key}`].find((each) => each in numbers);
    if (!found)
        throw new TypeError(
            `${name} is one of ${Object.keys(numbers).join(", ").toLowerCase().replaceAll("_", "-")}, not ${word}`,
        );
    return numbers[found];
}
