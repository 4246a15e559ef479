// How calls come by the session that they are for.
#pragma once

#include "base/clock.h"
#include "capi/session_attachment.h"

namespace cryo_core::capi {

constexpr std::size_t max_key = 255;

// So many milliseconds from now, or the past; what is too far to be counted never comes.
inline time_us time_in(std::int64_t ms) noexcept {
    const time_us now = monotonic_now();
    if (ms <= 0) return 0;
    return ms >= (never - now) / from_ms(1) ? never : now + from_ms(ms);
}

// Inside of its events it need not be looked up.
template <typename Function>
cryo_status with_session(const char *function, const cryo_session *session, Function body) noexcept {
    return guard(function, [&]() -> cryo_status {
        if (session_control *const told = telling::of(session)) return body(*told);
        const auto found = find_session(session);
        return found != nullptr ? body(*found) : bad_handle(function, handle_type::session, session);
    });
}

} // namespace cryo_core::capi
