// The functions of the library, each declared when it is first used; and what calls of them share.

import koffi from "koffi";
import { FUNCTIONS } from "./abi.js";
import { openLibrary } from "./library.js";

if (!koffi.node?.poll) throw new Error(`cryo: koffi ${koffi.version} cannot watch descriptors; this package needs 3.3.4.`);

export const library = openLibrary();

export const cryo = {};
for (const [name, [result, parameters]] of Object.entries(FUNCTIONS)) {
    Object.defineProperty(cryo, name, {
        configurable: true,
        enumerable: true,
        get() {
            const value = library.func(name, result, parameters);
            Object.defineProperty(cryo, name, { value, enumerable: true });
            return value;
        },
    });
}

// The same function for text, which koffi brings into UTF-8 by itself.
export const sendText = library.func("cryo_session_send", "int32_t", ["uint64_t", "int32_t", "str", "size_t"]);
export const sendBytes = cryo.cryo_session_send;

// Copies out of memory that the library lends: much cheaper than a view on it for each batch.
export const copyOut = koffi.load(null).func("memcpy", "void", ["void *", "void *", "size_t"]);

// Where the library writes numbers and handles: at `address`, to be read from the arrays. One call at a time uses them.
const place = new ArrayBuffer(16);
export const outBig = new BigUint64Array(place);
export const outReal = new Float64Array(place);
export const outAddress = koffi.address(outBig);
export const secondAddress = outAddress + 8n;

export const addressOf = koffi.address;

export const VERSION = cryo.cryo_version_string();
