#include "session/ack_tracker.h"

#include <utility>

namespace cryo_core {

void ack_tracker::begin_run(std::uint32_t number, time_us now) noexcept {
    if (run_count() >= max_tracked_runs) return;
    try {
        later_.push_back({now, number, 1});
    } catch (...) { // not timed
    }
}

// Numbers ascend (modulo 2^32), so the runs are searched by halves. null: it is in none.
ack_tracker::run *ack_tracker::find(std::uint32_t number) noexcept {
    if (oldest_.count == 0) return nullptr;
    const std::uint32_t oldest = oldest_.first; // distances from it do not wrap
    std::uint32_t low = 0;                      // the last run that does not begin behind the number
    for (std::uint32_t high = run_count(); high - low > 1;) {
        const std::uint32_t middle = low + (high - low) / 2;
        if (at(middle).first - oldest <= number - oldest)
            low = middle;
        else
            high = middle;
    }
    run &found = at(low);
    return number - found.first < found.count ? &found : nullptr;
}

std::optional<time_us> ack_tracker::acknowledged(std::uint32_t number, time_us now) noexcept {
    run *const found = find(number);
    if (found == nullptr) return std::nullopt;
    const time_us elapsed = now - found->at;
    if (number == found->first) {
        ++found->first;
        --found->count;
    } else {
        split(*found, number);
    }
    forget_empty();
    return elapsed;
}

// In front of the number, and behind it. Where there is no room for two, those behind it are not timed.
void ack_tracker::split(run &what, std::uint32_t number) noexcept {
    const std::uint32_t first = what.first;
    const run behind{what.at, number + 1, what.count - (number - first) - 1};
    what.count = number - first;
    if (behind.count == 0 || run_count() >= max_tracked_runs) return;
    std::uint32_t place = run_count();
    try {
        later_.push_back(run(behind));
    } catch (...) {
        return;
    }
    for (; at(place - 1).first - first > number - first; --place)
        std::swap(at(place), at(place - 1));
}

void ack_tracker::forget_empty() noexcept {
    while (oldest_.count == 0 && !later_.empty())
        oldest_ = later_.pop_front();
}

std::uint32_t ack_tracker::expire(time_us now, time_us timeout) noexcept {
    std::uint32_t expired = 0;
    while (oldest_.count != 0 && deadline(timeout) <= now) {
        expired += std::exchange(oldest_.count, 0);
        forget_empty();
    }
    return expired;
}

} // namespace cryo_core
