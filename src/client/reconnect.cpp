#include "client/reconnect.h"

#include "client/retry_hint.h"
#include "session/session.h"

#include <algorithm>

namespace cryo_core {

namespace {

constexpr time_us shortest_hold = from_ms(5000);

bool worth_another_try_after_answer(const loss &what) noexcept {
    switch (what.http_status) {
    case 408: // the request came too slowly
    case 425: // too early
    case 429: // too many requests
        return true;
    case 401: // the token may have expired on its way
        return what.another_token;
    case 409: // the server has not noticed yet that it has lost us
        return what.was_connected || what.may_hold_id;
    case 404: // a proxy whose routes are being reloaded
    case 407: // or whose authentication is
    case 421: // or that has sent us to the wrong server
        return what.was_connected;
    default:
        return what.http_status >= 500;
    }
}

} // namespace

bool worth_another_try(const loss &what) noexcept {
    if (what.http_status >= 400) return worth_another_try_after_answer(what);
    switch (what.code) {
    case cryo_close::client_error:
        if (what.reason == cryo_close::expired) return what.another_token;
        return what.reason == cryo_close::silence || what.reason == stalled_reason;
    case cryo_close::cale_handshake: // it took too long: that is a loss, where it is known to speak CALE
        return what.reason == cale::late_text || (what.reason == cale::silent_text && what.was_connected);
    case cryo_close::cale_mismatch:
        return false;
    case cryo_close::graceful:
        return what.reason == cryo_close::rekey || what.reason == "Server shutdown." ||
               retry_hint(what.reason) > 0;
    default:
        return true;
    }
}

time_us reconnect_delay(const reconnect_policy &policy, std::uint32_t failures,
                        std::uint64_t random) noexcept {
    time_us longest = std::min(policy.initial, policy.max);
    for (std::uint32_t n = 1; n < failures && longest < policy.max; ++n)
        longest = std::min(longest * 2, policy.max);
    return static_cast<time_us>(random % (static_cast<std::uint64_t>(longest) + 1));
}

time_us reconnect_delay(const reconnect_policy &policy, std::uint32_t failures, time_us asked,
                        std::uint64_t random) noexcept {
    const time_us own = reconnect_delay(policy, failures, random);
    if (asked == 0) return own;
    const time_us spread = std::clamp(asked / 2, policy.initial, std::max(policy.initial, policy.max));
    return std::max(own,
                    asked + static_cast<time_us>((random >> 32) * static_cast<std::uint64_t>(spread) >> 32));
}

time_us time_to_hold(time_us last_delay) noexcept {
    return std::max(shortest_hold, last_delay);
}

} // namespace cryo_core
