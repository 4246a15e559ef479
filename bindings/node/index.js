// Cryo for Node.js: real-time WebSocket sessions over libcryo.

import { cryo as native } from "./lib/native.js";
import { Client } from "./lib/client.js";
import { Server } from "./lib/server.js";

export { NEVER } from "./lib/abi.js";
export { Auth } from "./lib/auth.js";
export {
    CloseCode, DropPolicy, DropReason, DuplicatePolicy, ForwardedHeader, LogLevel, Outcome, ServerStat, Stat, Status,
    TlsVersion, Transport,
} from "./lib/codes.js"; // prettier-ignore
export { CryoError } from "./lib/errors.js";
export { Hook } from "./lib/extension.js";
export { setLogLevel } from "./lib/log.js";
export { VERSION as version } from "./lib/native.js";
export { sendToAll } from "./lib/send_to_all.js";
export { Session } from "./lib/session.js";
export { Client, Server };

// A server that listens.
export function cryo(validator, options) {
    return new Server(validator, options).start();
}

// A client that is connected.
export function connect(url, token, options) {
    return new Client(url, token, options).connect();
}

// What the library was built with and runs on, for bug reports.
export const buildInfo = native.cryo_build_info();
