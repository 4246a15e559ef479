// What a session knows of its client besides its messages.
#include "capi/with_session.h"

using namespace cryo_core;
using namespace cryo_core::capi;

extern "C" {

cryo_status cryo_session_header(const cryo_session *session, const char *name, char *out, size_t capacity,
                                size_t *len) {
    return with_session("cryo_session_header", session, [&](session_control &found) -> cryo_status {
        if (name == nullptr) return invalid("cryo_session_header", "the name is NULL.");
        const auto value = found.facts().header(name);
        if (!value)
            return fail(status::not_found,
                        "cryo_session_header: the request had no header of that name, or it is "
                        "not kept (cryo_server_options_add_session_header).");
        return copy_out("cryo_session_header", *value, out, capacity, len);
    });
}

cryo_status cryo_session_claim(const cryo_session *session, const char *name, char *out, size_t capacity,
                               size_t *len) {
    return with_session("cryo_session_claim", session, [&](session_control &found) -> cryo_status {
        if (name == nullptr) return invalid("cryo_session_claim", "the name is NULL.");
        const auto value = session_attachment::of(found).claim(name);
        if (!value)
            return fail(status::not_found, "cryo_session_claim: the validator has set nothing of that name.");
        return copy_out("cryo_session_claim", *value, out, capacity, len);
    });
}

cryo_status cryo_session_set_expiry_ms(cryo_session *session, int64_t ms) {
    return with_session("cryo_session_set_expiry_ms", session, [&](session_control &found) -> cryo_status {
        switch (found.change_expiry(time_in(ms))) {
        case status::ok:
            return CRYO_OK;
        case status::state:
            return fail(status::state,
                        "cryo_session_set_expiry_ms: a session that was opened from this side has "
                        "no expiry; its server ends it.");
        default:
            return fail(status::closed, "The session is closed or closing.");
        }
    });
}

} // extern "C"
