// Finds libcryo and opens it so that it uses libraries of its own: Node.js offers its libuv and OpenSSL to all that it
// loads, and libcryo was compiled for others. libcryo-deep, which lies beside libcryo, sees to that.

import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import koffi from "koffi";
import { ABI_VERSION } from "./abi.js";

const MAC = process.platform === "darwin";
const PLAIN = MAC ? `libcryo.${ABI_VERSION}.dylib` : `libcryo.so.${ABI_VERSION}`;
const DEEP = MAC ? null : `libcryo-deep.so.${ABI_VERSION}`;
const HELP = `Install libcryo, or set the environment variable CRYO_LIBRARY to the path of the library's file (${PLAIN}).`;
const INSIDE = fileURLToPath(new URL(`../native/${process.platform}-${process.arch}/`, import.meta.url));

// What CRYO_LIBRARY names; else what lies in the package; else the system's.
export function openLibrary() {
    const named = process.env.CRYO_LIBRARY;
    if (named) return checked(openFile(named, `CRYO_LIBRARY is ${JSON.stringify(named)}, which`), named);
    const inside = [DEEP, PLAIN]
        .filter(Boolean)
        .map((name) => join(INSIDE, name))
        .find((path) => existsSync(path));
    if (inside) return checked(openFile(inside, inside), inside);
    return systemLibrary();
}

function openFile(path, what) {
    try {
        const deep = deepBeside(path);
        return deep ? koffi.load(deep) : loadDeeply(path);
    } catch (error) {
        throw new Error(`cryo: ${what} cannot be loaded: ${error.message}. ${HELP}`);
    }
}

function systemLibrary() {
    const tried = [];
    for (const [name, load] of [
        [DEEP, (each) => koffi.load(each)],
        [PLAIN, loadDeeply],
    ]) {
        if (!name) continue;
        try {
            return checked(load(name), name);
        } catch (error) {
            if (error.isFinal) throw error;
            tried.push(error.message);
        }
    }
    throw new Error(`cryo: libcryo was not found (${tried.join("; ")}). ${HELP}`);
}

// Of /usr/lib/libcryo.so.1: /usr/lib/libcryo-deep.so.1, if there is one.
function deepBeside(path) {
    if (!DEEP || !/^libcryo\.so(\.|$)/.test(basename(path))) return null;
    const places = [path, existsSync(path) ? realpathSync(path) : path];
    return places.map((each) => join(dirname(each), DEEP)).find((each) => existsSync(each)) ?? null;
}

// libwebsockets opens its file for libuv itself, and would give it Node's libuv.
function loadDeeply(path) {
    if (MAC) return koffi.load(path);
    try {
        koffi.load("libwebsockets-evlib_uv.so", { deep: true });
    } catch {
        // Another build of libwebsockets has it inside.
    }
    return koffi.load(path, { deep: true });
}

function checked(library, name) {
    let found;
    try {
        found = library.func("cryo_abi_version", "uint32_t", [])();
    } catch {
        throw final(`cryo: ${name} is not libcryo: it has no cryo_abi_version. ${HELP}`);
    }
    if (found !== ABI_VERSION) {
        // libcryo-deep without the libcryo that it leads to answers with a status, and says why.
        const why = found > 0x7fffffff ? library.func("cryo_last_error", "str", [])() : null;
        throw final(
            why
                ? `cryo: ${name}: ${why} ${HELP}`
                : `cryo: ${name} has ABI version ${found}; this package needs ${ABI_VERSION}. ` +
                      "Install the package and the library of the same release.",
        );
    }
    return library;
}

function final(message) {
    return Object.assign(new Error(message), { isFinal: true });
}
