#include "session/ack_tracker.h"

namespace cryo_core {

void ack_tracker::sent_without_place(std::uint32_t number, time_us now) noexcept {
    if (waiting_.size() >= max_tracked_acks) return;
    try {
        waiting_.push({now, number, true});
    } catch (...) { // not timed
    }
}

std::optional<time_us> ack_tracker::acknowledged(std::uint32_t number, time_us now) noexcept {
    entry *const found = waiting_.find(number);
    if (found == nullptr) return std::nullopt;
    const time_us elapsed = now - found->at;
    waiting_.settle(*found);
    return elapsed;
}

std::uint32_t ack_tracker::expire(time_us now, time_us timeout) noexcept {
    std::uint32_t expired = 0;
    while (!waiting_.empty() && deadline(timeout) <= now) {
        waiting_.pop_front();
        ++expired;
    }
    return expired;
}

} // namespace cryo_core
