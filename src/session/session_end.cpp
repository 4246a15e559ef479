// What becomes of a session's messages when it ends, or loses its connection.
#include "session/session.h"

#include <utility>

namespace cryo_core {

void session::close_receipt(const data_frame &frame) noexcept {
    if (frame.receipt != 0) events_.on_receipt(frame.receipt, receipt_outcome::closed, -1, {});
}

void session::drop_data() noexcept {
    while (hooks_ && hooks_->sending.any())
        close_receipt(hooks_->sending.take());
    while (queue_.any_data())
        close_receipt(queue_.take_data());
    publish_queue();
}

void session::drop_output() noexcept {
    queue_.clear_control();
    if (security_) security_->drop_plain();
    drop_data();
}

bool session::take_unsent(unsent_message &out) noexcept {
    out.left = unacknowledged_ && !unacknowledged_->empty();
    if (out.left) {
        auto oldest = unacknowledged_->take_oldest();
        out.frame = std::move(oldest.frame);
        out.number = oldest.number;
        const receipts::entry owed = receipts_.take(oldest.number); // it may have timed out
        out.frame.receipt = owed.receipt;
        out.sent_at = owed.at;
        return true;
    }
    if (queue_.any_data()) {
        out.frame = queue_.take_data();
    } else if (hooks_ && hooks_->sending.any()) {
        out.frame = hooks_->sending.take();
    } else {
        publish_queue();
        return false;
    }
    return true;
}

std::size_t session::unsent_count() const noexcept {
    return (unacknowledged_ ? unacknowledged_->size() : 0) + queue_.pending_count() +
           (hooks_ ? hooks_->sending.count() : 0);
}

void session::end() noexcept {
    begin_close();
    drop_received();
    drop_output();
    flushed(); // whatever becomes of what is on its way, nobody waits for it
    while (const std::uint64_t receipt = receipts_.take_oldest())
        events_.on_receipt(receipt, receipt_outcome::closed, -1, {});
}

} // namespace cryo_core
