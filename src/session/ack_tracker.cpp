#include "session/ack_tracker.h"

#include "session/options.h"

#include <new>

namespace cryo_core {

void ack_tracker::sent(std::uint32_t number, time_us now) noexcept {
    if (size_ == capacity_) {
        if (capacity_ == max_tracked_acks || !grow()) return;
    }
    at(size_) = {now, number, true};
    ++size_;
}

std::optional<time_us> ack_tracker::acknowledged(std::uint32_t number, time_us now) noexcept {
    // Binary search by distance from the oldest number, which wraps as the numbers do.
    std::size_t low = 0, high = size_;
    const std::uint32_t oldest = size_ > 0 ? at(0).number : 0;
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (at(middle).number - oldest < number - oldest)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == size_ || at(low).number != number || !at(low).open) return std::nullopt;
    at(low).open = false;
    const time_us elapsed = now - at(low).at;
    drop_settled();
    return elapsed;
}

std::uint32_t ack_tracker::expire(time_us now) noexcept {
    std::uint32_t expired = 0;
    while (size_ > 0 && (!at(0).open || at(0).at + timeout_ <= now)) {
        expired += at(0).open ? 1 : 0;
        at(0).open = false;
        drop_settled();
    }
    return expired;
}

time_us ack_tracker::deadline() const noexcept {
    return size_ == 0 ? never : at(0).at + timeout_;
}

bool ack_tracker::grow() noexcept {
    const std::uint32_t larger = capacity_ == 0 ? 8 : capacity_ * 2;
    std::unique_ptr<entry[]> ring(new (std::nothrow) entry[larger]);
    if (!ring) return false;
    for (std::uint32_t i = 0; i < size_; ++i)
        ring[i] = at(i);
    ring_ = std::move(ring);
    capacity_ = larger;
    first_ = 0;
    return true;
}

void ack_tracker::drop_settled() noexcept {
    while (size_ > 0 && !at(0).open) {
        first_ = (first_ + 1) & (capacity_ - 1);
        --size_;
    }
    // A burst is not paid for by the idle time after it.
    if (size_ == 0 && capacity_ > 64) {
        ring_.reset();
        capacity_ = first_ = 0;
    }
}

} // namespace cryo_core
