#include "server/drain.h"

#include "base/utf8.h"
#include "ws/build.h"

#include <algorithm>

namespace cryo_core {

std::string reason_with_hint(std::string_view reason, std::uint32_t retry_ms) {
    std::string hint;
    if (retry_ms != 0) hint = "(retry in " + std::to_string(retry_ms) + " ms)";
    constexpr std::size_t most = ws::max_control_frame_size - 2 /* header */ - 2 /* code */;
    std::size_t room = most - (hint.empty() ? 0 : hint.size() + 1);
    room = std::min(room, reason.size());
    while (room > 0 && room < reason.size() && (static_cast<unsigned char>(reason[room]) & 0xc0) == 0x80)
        --room;
    std::string out(reason.substr(0, room));
    if (!out.empty() && !hint.empty()) out += ' ';
    return out + hint;
}

std::size_t sessions_to_keep(std::size_t at_begin, const drain_plan &plan, time_us now) noexcept {
    if (now >= plan.until) return 0;
    if (plan.batch <= 0) return at_begin;
    const auto left = static_cast<double>(plan.until - now);
    const auto whole = static_cast<double>(plan.until - plan.began + plan.batch);
    return static_cast<std::size_t>(static_cast<double>(at_begin) * std::min(1.0, left / whole));
}

} // namespace cryo_core
