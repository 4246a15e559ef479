#include "session/unacknowledged.h"

#include <algorithm>
#include <utility>

namespace cryo_core {

void unacknowledged::sent(std::uint32_t number, const data_frame &frame) noexcept {
    try {
        entries_.push_back({number, true, frame});
    } catch (...) {
        return;
    }
    bytes_ += frame.payload.size();
    while (bytes_ > max_bytes_)
        drop_front();
}

void unacknowledged::acknowledged(std::uint32_t number) noexcept {
    if (entries_.empty()) return;
    const std::uint32_t oldest = entries_.front().number; // the distance from it does not wrap
    const auto at = std::lower_bound(
        entries_.begin(), entries_.end(), number - oldest,
        [oldest](const entry &one, std::uint32_t distance) { return one.number - oldest < distance; });
    if (at == entries_.end() || at->number != number || !at->open) return;
    at->open = false;
    bytes_ -= at->frame.payload.size();
    at->frame.payload = {};
    while (!entries_.empty() && !entries_.front().open)
        entries_.pop_front();
}

void unacknowledged::drop_front() noexcept {
    bytes_ -= entries_.front().frame.payload.size();
    entries_.pop_front();
}

std::vector<data_frame> unacknowledged::take() {
    std::vector<data_frame> all;
    for (entry &one : entries_)
        if (one.open) all.push_back(std::move(one.frame));
    entries_.clear();
    bytes_ = 0;
    return all;
}

} // namespace cryo_core
