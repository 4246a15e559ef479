#include "server/incidents.h"

#include "base/log.h"

#include <algorithm>
#include <string>
#include <utility>

namespace cryo_core {

bool incident_log::may_tell(time_us now) noexcept {
    const time_us since = now - refilled_at_;
    if (since >= refill) {
        const auto more = static_cast<std::uint64_t>(since / refill);
        left_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(burst, left_ + more));
        refilled_at_ = now;
    }
    if (left_ == 0) return false;
    --left_;
    return true;
}

void incident_log::tell(time_us now, std::string_view address, std::string_view words) noexcept {
    if (!log_enabled(log_level::info)) return;
    try {
        const bool told = may_tell(now);
        if (!told) {
            ++left_out_;
            if (!log_enabled(log_level::debug)) return;
        }
        std::string line(address);
        line.append(" ").append(words);
        log(told ? log_level::info : log_level::debug, line);
        if (told && left_out_ != 0 && !log_enabled(log_level::debug))
            log(log_level::info, "besides, " + std::to_string(left_out_) + " such lines were left out");
        if (told) left_out_ = 0;
    } catch (...) { // no memory to say so
    }
}

std::string_view without_token(std::string_view reason, std::string_view token) noexcept {
    if (token.empty() || reason.find(token) == std::string_view::npos) return reason;
    return "(the reason names the token)";
}

} // namespace cryo_core
