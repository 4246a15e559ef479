import { bytesOf, kindOf } from "./calls.js";
import { check, errorOf } from "./errors.js";
import { cryo, outAddress, outBig } from "./native.js";

// One message to many sessions, of any servers and clients; the payload is looked at once.
export function sendToAll(sessions, message) {
    const list = [...sessions];
    const handles = BigUint64Array.from(list, (each) => each.handle);
    const statuses = new Int32Array(list.length);
    const bytes = bytesOf(message);
    check(cryo.cryo_sessions_send(handles, list.length, kindOf(message), bytes, bytes.byteLength, statuses, outAddress));
    return {
        sent: Number(outBig[0]),
        failures: list.flatMap((session, at) => (statuses[at] ? [{ session, error: errorOf(statuses[at], "") }] : [])),
    };
}
