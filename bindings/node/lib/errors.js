// What is thrown when the library refuses.

import { Status } from "./codes.js";
import { cryo } from "./native.js";

export class CryoError extends Error {
    constructor(status, code, text) {
        super(text ? `${text} (${code})` : code);
        this.status = status;
        this.code = code;
        this.text = text;
    }
}
CryoError.prototype.name = "CryoError";

export function errorOf(status, text = cryo.cryo_last_error()) {
    return new CryoError(status, cryo.cryo_status_name(status), text);
}

// For what this package refuses itself.
export function refusal(status, text) {
    return errorOf(Status[status], text);
}

export function check(status) {
    if (status < 0) throw errorOf(status);
    return status;
}

// For what may not be there: whether it is.
export function found(status) {
    if (status === Status.ERR_NOT_FOUND) return false;
    check(status);
    return true;
}
