// When an application takes its messages, and when it is done with them.
#include "session/session.h"

namespace cryo_core {

void session::hold_received(bool on) {
    hold_wanted_ = on;
    hold_as_due();
}

void session::hold_as_due() {
    const bool hold =
        hold_wanted_ || (unhandled_ && unhandled_->with_application() >= options_.max_unacknowledged);
    if (hold || hooks_) make_hooks().receiving.hold(hold);
}

void session::receive_for_hand(std::uint32_t number, bytes_view payload, message_kind kind, time_us now) {
    unhandled_->received(number);
    if (!hooks_concern(hook_direction::on_receive, kind)) return tell_for_hand(number, kind, payload);
    data_frame frame = make_frame(kind, shared_bytes::copy(payload));
    frame.receipt = number;
    hooks_->receiving.put(std::move(frame));
    hooks_->receiving.run(now);
}

void session::tell_for_hand(std::uint32_t number, message_kind kind, bytes_view payload) {
    unhandled_->delivered(number);
    hold_as_due();
    told_ = number;
    events_.on_message(kind, payload);
}

bool session::handled(std::uint32_t number) {
    if (!unhandled_ || state_ != state::open || !unhandled_->handled(number)) return false;
    acknowledge(number);
    hold_as_due();
    return hooks_ && hooks_->receiving.any();
}

frame_numbers session::numbers() const noexcept {
    return {next_number_, unhandled_ ? unhandled_->done_until(received_) : received_};
}

} // namespace cryo_core
