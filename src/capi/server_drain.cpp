// A server that empties itself.
#include "capi/server_object.h"
#include "ws/close_code.h"

using namespace cryo_core;
using namespace cryo_core::capi;

extern "C" {

cryo_status cryo_server_drain(cryo_server *handle, uint32_t deadline_ms, uint32_t batch_ms) {
    return with_server("cryo_server_drain", handle, [&](server &found) {
        return outcome(found.drain({.within = from_ms(deadline_ms), .batch = from_ms(batch_ms)}));
    });
}

cryo_status cryo_server_drain_with(cryo_server *handle, uint32_t deadline_ms, uint32_t batch_ms, int32_t code,
                                   const char *reason, uint32_t retry_ms) {
    return with_server("cryo_server_drain_with", handle, [&](server &found) -> cryo_status {
        if (code < 0 || code > UINT16_MAX || !ws::may_be_sent(static_cast<std::uint16_t>(code)))
            return invalid("cryo_server_drain_with",
                           "the close code may not be sent; see cryo_session_close.");
        const std::string_view why = reason != nullptr ? reason : "";
        if (!utf8_valid(as_bytes(why))) return invalid("cryo_server_drain_with", "the reason is not UTF-8.");
        constexpr std::uint32_t longest = 3'600'000;
        if (retry_ms > longest)
            return invalid("cryo_server_drain_with", "`retry_ms` is more than an hour, 3600000.");
        return outcome(found.drain({.within = from_ms(deadline_ms),
                                    .batch = from_ms(batch_ms),
                                    .code = static_cast<std::uint16_t>(code),
                                    .reason = why,
                                    .retry_ms = retry_ms}));
    });
}

} // extern "C"
