// What a client or a peer shall do.

import { check } from "./errors.js";
import { cryo } from "./native.js";
import { withClientOptions } from "./options.js";

// `token`: a string, or a function that gives one, or a promise of one, before each attempt to connect.
export function newClientOptions(url, token, options) {
    const { tokenProvider = typeof token === "function" ? token : undefined, ...settings } = options;
    settings.url = url;
    if (typeof token === "string") settings.token = token;
    return {
        tokenProvider,
        use: (call) =>
            withClientOptions(settings, (handle) => {
                if (tokenProvider) check(cryo.cryo_client_options_set_token_provider(handle, null, null, null));
                return call(handle);
            }),
    };
}
