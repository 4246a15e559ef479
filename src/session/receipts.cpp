#include "session/receipts.h"

namespace cryo_core {

bool receipts::sent(std::uint32_t number, std::uint64_t receipt, time_us now) noexcept {
    try {
        waiting_.push({now, receipt, number, true});
    } catch (...) {
        return false;
    }
    return true;
}

std::optional<receipts::acknowledgement> receipts::acknowledged(std::uint32_t number, time_us now) noexcept {
    entry *const found = waiting_.find(number);
    if (found == nullptr) return std::nullopt;
    const acknowledgement got{found->receipt, now - found->at};
    waiting_.settle(*found);
    return got;
}

std::uint64_t receipts::expire_one(time_us now, time_us timeout) noexcept {
    return !waiting_.empty() && deadline(timeout) <= now ? take_oldest() : 0;
}

receipts::entry receipts::take(std::uint32_t number) noexcept {
    entry *const found = waiting_.find(number);
    if (found == nullptr) return {};
    const entry taken = *found;
    waiting_.settle(*found);
    return taken;
}

} // namespace cryo_core
