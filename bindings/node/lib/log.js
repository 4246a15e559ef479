// The library's own log. It goes to standard error: its threads must not call JavaScript.

import { LogLevel } from "./codes.js";
import { check } from "./errors.js";
import { cryo } from "./native.js";

// "off", "error", "warning" (as at the start), "info" or "debug"; for the whole process.
export function setLogLevel(level) {
    const number = typeof level === "number" ? level : LogLevel[String(level).toUpperCase()];
    if (number === undefined) throw new TypeError(`a log level is off, error, warning, info or debug, not ${level}`);
    check(cryo.cryo_set_log(number, null, null, null));
}
