#include "session/extension.h"

#include <utility>

namespace cryo_core {

bool hook_ticket::settle(answer how, shared_bytes replacement, std::string reason) noexcept {
    answer expected = answer::none;
    if (!answer_.compare_exchange_strong(expected, answer::settling, std::memory_order_acq_rel)) return false;
    replacement_ = std::move(replacement);
    reason_ = std::move(reason);
    answer_.store(how, std::memory_order_release);
    return true;
}

void hook_ticket::settle_failed(std::string_view why) noexcept {
    std::string reason;
    try {
        reason = why;
    } catch (...) { // it fails all the same
    }
    settle(answer::fail, {}, std::move(reason));
}

bool hook_ticket::expire() noexcept {
    answer expected = answer::none;
    return answer_.compare_exchange_strong(expected, answer::over, std::memory_order_acq_rel);
}

} // namespace cryo_core
