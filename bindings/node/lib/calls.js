// Calls that give text, handles and numbers.

import { Status } from "./codes.js";
import { check, found } from "./errors.js";
import { cryo, outAddress, outBig, outReal } from "./native.js";

let text = Buffer.from(new ArrayBuffer(1024));

// `call(buffer, capacity, length)`: what it writes, or undefined where there is no such thing.
export function textFrom(call) {
    let status = call(text, text.length, outAddress);
    if (status === Status.ERR_BUFFER) {
        text = Buffer.from(new ArrayBuffer(Number(outBig[0]) + 1024));
        status = call(text, text.length, outAddress);
    }
    return found(status) ? text.toString("utf8", 0, Number(outBig[0])) : undefined;
}

export function handleFrom(call) {
    check(call(outAddress));
    return outBig[0];
}

export function realFrom(call) {
    return found(call(outAddress)) ? outReal[0] : undefined;
}

// Two texts at a time, as of a parameter: [name, value], or undefined.
export function pairFrom(call) {
    for (let size = 512; ; size *= 8) {
        const [name, value] = [Buffer.alloc(size), Buffer.alloc(size)];
        const lengths = new BigUint64Array(2);
        const status = call(name, size, lengths.subarray(0, 1), value, size, lengths.subarray(1));
        if (status === Status.ERR_BUFFER && size < 1 << 20) continue;
        if (!found(status)) return undefined;
        return [name.toString("utf8", 0, Number(lengths[0])), value.toString("utf8", 0, Number(lengths[1]))];
    }
}

export const UTF8 = 1;
export const BINARY = 2;

// A message as the library takes it.
export function bytesOf(message) {
    if (typeof message === "string") return Buffer.from(message);
    if (ArrayBuffer.isView(message)) return message;
    if (message instanceof ArrayBuffer) return new Uint8Array(message);
    throw new TypeError(`a message is a string, a Buffer, a typed array or an ArrayBuffer, not ${describe(message)}`);
}

export function kindOf(message) {
    return typeof message === "string" ? UTF8 : BINARY;
}

export function describe(value) {
    if (value === null) return "null";
    return typeof value === "object" ? (value.constructor?.name ?? "an object") : typeof value;
}

// "xxxxxxxx-xxxx-…" or 16 bytes.
export function idBytes(id) {
    if (typeof id === "string") {
        const digits = id.replaceAll("-", "");
        if (/^[0-9a-f]{32}$/i.test(digits)) return Buffer.from(digits, "hex");
    } else if (ArrayBuffer.isView(id) && id.byteLength === 16) {
        return id;
    }
    throw new TypeError("a session's id is a UUID as text, or 16 bytes");
}

// Three facts of a certificate, by functions of the same form for tickets and sessions; undefined: none was shown.
export function certificateFrom(handle, subject, name, fingerprint) {
    const found = textFrom((...out) => subject(handle, ...out));
    if (found === undefined) return undefined;
    const names = [];
    for (let next; (next = textFrom((...out) => name(handle, names.length, ...out))) !== undefined;) names.push(next);
    return { subject: found, names, fingerprint: textFrom((...out) => fingerprint(handle, ...out)) };
}

export { cryo };
