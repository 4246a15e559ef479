#include "client/reconnect.h"

#include "session/session.h"

#include <algorithm>
#include <charconv>

namespace cryo_core {

namespace {

constexpr std::uint32_t max_retry_after_s = 3600;

} // namespace

bool worth_another_try(const loss &what) noexcept {
    if (what.http_status >= 400 && what.http_status < 500) return false;
    switch (what.code) {
    case cryo_close::client_error:
    case cryo_close::cale_mismatch:
    case cryo_close::cale_handshake:
        return false;
    case cryo_close::graceful:
        return what.reason == "rekey" || what.reason == "Server shutdown.";
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

time_us retry_after(std::string_view header) noexcept {
    std::uint32_t seconds = 0;
    const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), seconds);
    if (error == std::errc::result_out_of_range)
        seconds = max_retry_after_s;
    else if (error != std::errc() || end != header.data() + header.size())
        return 0;
    return from_ms(std::int64_t{1000} * std::min(seconds, max_retry_after_s));
}

} // namespace cryo_core
