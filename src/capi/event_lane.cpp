#include "capi/event_lane.h"

#include <algorithm>
#include <utility>

namespace cryo_core::capi {

event_lane::event_lane(event_queue &to, net::loop &on) noexcept
    : loop_part(&to), on_(on), to_(to.weak_from_this()) {}

event_lane &event_lane::of(event_queue &to, net::loop &on) {
    if (event_lane *const there = known(to, on)) return *there;
    auto made = std::make_unique<event_lane>(to, on);
    event_lane &lane = *made;
    on.add_part(std::move(made));
    return lane;
}

void event_lane::make_room(std::size_t record) {
    if (block_ != nullptr && !block_->empty()) {
        next_size_ = std::min(4 * next_size_, usual_block);
        pass_on();
        if (block_ != nullptr && block_->has_room_for(record)) return;
    }
    if (next_size_ > usual_block / 4) next_size_ = usual_block;
    block_ = std::make_unique<event_block>(std::max(record, next_size_));
}

void event_lane::pass_on() noexcept {
    if (block_ == nullptr || block_->empty()) return;
    if (const auto to = to_.lock())
        most_ = to->take_in(block_);
    else
        block_.reset();
}

bool event_lane::is_stale() const noexcept {
    const auto to = to_.lock();
    return !to || to->closed();
}

} // namespace cryo_core::capi
