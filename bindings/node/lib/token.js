// A ticket of a token provider: with which token shall the client connect?

import { Status } from "./codes.js";
import { check } from "./errors.js";
import { cryo } from "./native.js";

export function answerToken(ticket, provider, owner) {
    const failed = (error) => {
        cryo.cryo_token_fail(ticket, String(error?.message ?? error));
        owner.report(error, "tokenProvider");
    };
    const given = (token) => {
        if (typeof token !== "string") throw new TypeError("a token provider gives a string");
        const status = cryo.cryo_token_give(ticket, token);
        // Its time was over, or the client was closed meanwhile.
        if (status !== Status.ERR_STATE && status !== Status.ERR_HANDLE) check(status);
    };
    try {
        const token = provider();
        if (typeof token?.then === "function") token.then(given).catch(failed);
        else given(token);
    } catch (error) {
        failed(error);
    }
}
