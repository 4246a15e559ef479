#include "session/unacknowledged.h"

#include <utility>

namespace cryo_core {

void unacknowledged::sent(std::uint32_t number, const data_frame &frame) noexcept {
    try {
        entries_.push({number, true, frame});
    } catch (...) {
        return;
    }
    bytes_ += cost_of(frame);
    while (bytes_ > max_bytes_)
        take_oldest();
}

void unacknowledged::acknowledged(std::uint32_t number) noexcept {
    entry *const found = entries_.find(number);
    if (found == nullptr) return;
    bytes_ -= cost_of(found->frame);
    found->frame.payload = {};
    found->frame.key = {};
    entries_.settle(*found);
}

unacknowledged::entry unacknowledged::take_oldest() noexcept {
    bytes_ -= cost_of(entries_.front().frame);
    return entries_.pop_front();
}

} // namespace cryo_core
