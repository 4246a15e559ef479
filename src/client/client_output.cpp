// What a client's application sends, connected or not.
#include "client/client.h"

namespace cryo_core {

status client::send(data_frame &&frame) {
    if (phase_ == phase::open) {
        const status outcome = session_->send(std::move(frame), now());
        if (outcome != status::ok) return outcome;
        link_->request_flush();
        if (session_->sends_wait()) rearm();
        return status::ok;
    }
    if (!options_->resend || phase_ == phase::over || close_asked_) return status::state;
    const session_options &limits = options_->session;
    if (outstanding_.count() >= limits.max_queue_count ||
        outstanding_.bytes() + frame.size() > limits.max_queued_bytes)
        return status::full;
    keep(std::move(frame));
    return status::ok;
}

// One that another thread sent just before a loss is lost with the others, or waits with them.
void client::send_accepted(data_frame &&frame) noexcept {
    if (session_ && (phase_ == phase::open || (phase_ == phase::closing && !close_frame_sent_)))
        return guarded([&] {
            session_->send_accepted(std::move(frame), now(), true);
            link_->request_flush();
            rearm();
        });
    if (!options_->resend || phase_ == phase::over || close_asked_) return tell_lost(frame);
    try {
        keep(std::move(frame));
    } catch (...) {
        tell_lost(frame); // cppcheck-suppress accessMoved ; it is as it was
    }
}

bool client::offer(data_frame &&frame) {
    if (phase_ != phase::open) return false;
    const bool taken = session_->send_accepted(std::move(frame), now(), false);
    link_->request_flush();
    if (session_->sends_wait()) rearm();
    return taken;
}

// For the next connection. If it throws, `frame` is as it was.
void client::keep(data_frame &&frame) {
    unsent_message waiting{.frame = std::move(frame)};
    try {
        outstanding_.put(std::move(waiting));
    } catch (...) {
        frame = std::move(waiting.frame); // NOLINT(bugprone-use-after-move): it is as it was
        throw;
    }
    publish_outstanding();
}

void client::on_hooks_settled() noexcept {
    guarded([&] {
        if (!session_) return;
        session_->hooks_settled(now());
        after_input();
    });
}

void client::on_dropped(const data_frame &frame, drop_reason reason) {
    observer_->on_dropped(*control_, frame, reason);
}

void client::on_writable() {
    observer_->on_writable(*control_);
}

void client::on_receipt(std::uint64_t receipt, receipt_outcome outcome, double round_trip_ms,
                        std::string_view by) {
    control_->tell_receipt(*observer_, receipt, outcome, round_trip_ms, by);
}

void client::ping() {
    guarded([&] {
        if (phase_ != phase::open) return;
        session_->ping();
        link_->request_flush();
    });
}

void client::on_flush() {
    guarded([&] {
        if (!session_ || !writer_) return;
        const auto result = writer_->flush(*link_, *session_, now());
        if (result == frame_writer::result::broken) return; // on_gone follows
        if (look_ == never && phase_ != phase::closing)
            look_ = delivery_watch::next_look(now(), options_->session.stall_timeout);
        session_->tell_flow();
        if (result == frame_writer::result::drained && phase_ == phase::closing && !close_frame_sent_ &&
            link_->writable() > 0 && !control_->mail_under_way() && !session_->sends_wait()) {
            close_frame_sent_ = true;
            if (writer_->write_close(*link_, close_code_, close_reason_)) link_->finish();
        }
        update_reading();
        rearm();
    });
}

} // namespace cryo_core
