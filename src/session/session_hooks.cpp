// A session's messages on their way through the extensions.
#include "session/session.h"

#include <utility>

namespace cryo_core {

namespace {

const extension_source no_extensions;

} // namespace

session::hooks::hooks(session &owner) noexcept
    : of(owner),
      sending(hook_direction::before_send, of.extensions_ != nullptr ? *of.extensions_ : no_extensions,
              of.events_.context(), *this),
      receiving(hook_direction::on_receive, of.extensions_ != nullptr ? *of.extensions_ : no_extensions,
                of.events_.context(), *this) {}

bool session::extensions_concern(hook_direction direction, message_kind kind) {
    return make_hooks().concerns(direction, kind);
}

session::hooks &session::make_hooks() {
    if (!hooks_) hooks_ = std::make_unique<hooks>(*this);
    return *hooks_;
}

// Against an extension that answers slower than is sent.
bool session::hooks_have_room(const data_frame &frame) const noexcept {
    const chain &sending = hooks_->sending;
    if (!sending.any()) return true;
    return sending.count() < options_.max_queue_count && sending.bytes() <= options_.max_queued_bytes &&
           frame.size() <= options_.max_queued_bytes - sending.bytes();
}

void session::hooks_settled(time_us now) {
    if (!hooks_) return;
    hooks_->sending.run(now);
    if (state_ != state::closing) hooks_->receiving.run(now);
    publish_queue();
}

void session::drop_received() noexcept {
    while (hooks_ && hooks_->receiving.any())
        hooks_->receiving.take();
}

void session::send_again(data_frame &&frame) {
    const bool waits = hooks_ && hooks_->sending.any();
    if (waits || (!frame.passed && hooks_concern(hook_direction::before_send, frame.kind()))) {
        frame.again = true;
        hooks_->sending.put(std::move(frame));
    } else {
        queue_.push_accepted(std::move(frame));
    }
    publish_queue();
}

bool session::take_undelivered(data_frame &out) noexcept {
    if (unhandled_ || !hooks_ || !hooks_->receiving.any()) return false; // unacknowledged, it comes again
    out = hooks_->receiving.take();
    return true;
}

void session::deliver_again(data_frame &&frame, time_us now) {
    make_hooks().receiving.put(std::move(frame));
    hooks_->receiving.run(now);
}

void session::hooks::on_passed(hook_direction direction, data_frame &&frame, time_us) {
    if (direction == hook_direction::on_receive) {
        if (of.state_ != state::open) return;
        if (of.unhandled_)
            return of.tell_for_hand(static_cast<std::uint32_t>(frame.receipt), frame.kind(),
                                    frame.payload.view());
        return of.events_.on_message(frame.kind(), frame.payload.view());
    }
    try {
        if (frame.again) {
            of.queue_.push_accepted(std::move(frame));
            return of.publish_queue();
        }
        of.enqueue_or_tell(std::move(frame));
    } catch (...) {
        of.close_receipt(frame); // cppcheck-suppress accessMoved ; it is as it was
        throw;
    }
}

void session::hooks::on_vetoed(hook_direction direction, data_frame &&frame, std::string_view by) {
    if (direction == hook_direction::on_receive) {
        if (!of.unhandled_ || of.state_ != state::open) return;
        const auto number = static_cast<std::uint32_t>(frame.receipt); // it has come as far as it will
        of.unhandled_->left_out(number);
        return of.acknowledge(number);
    }
    if (frame.receipt != 0) of.events_.on_receipt(frame.receipt, receipt_outcome::vetoed, -1, by);
}

} // namespace cryo_core
