// A session's messages from any thread to its loop's, and what is owed for them until its end.
#include "base/log.h"
#include "base/pool.h"
#include "endpoint/session_control.h"
#include "session/byte_budget.h"

#include <utility>

namespace cryo_core {

// Bytes and count stand in the mailed_* counters until the mail, delivered or not, is gone.
class session_control::send_mail final : public net::mail, public pooled {
  public:
    send_mail(std::shared_ptr<session_control> who, data_frame &&frame) noexcept
        : who_(std::move(who)), frame_(std::move(frame)), size_(frame_.size()) {
        who_->mailed_bytes_.fetch_add(size_, std::memory_order_relaxed);
    }
    // On the loop's thread, unless it was not let out.
    ~send_mail() override {
        who_->mailed_bytes_.fetch_sub(size_, std::memory_order_relaxed);
        give_back();
        if (!let_out_) return;
        if (!delivered_) who_->lose(frame_);
        who_->mail_done();
    }
    // False: all sessions together hold as much as they may.
    bool charge() noexcept {
        charged_ = who_->options().total != nullptr;
        if (charged_ && !who_->options().total->reserve_mail(size_)) charged_ = false;
        return charged_ || who_->options().total == nullptr;
    }
    // False: the session is over.
    bool let_out() noexcept {
        let_out_ = (who_->mailed_count_.fetch_add(1) & over) == 0;
        if (!let_out_) who_->mailed_count_.fetch_sub(1);
        return let_out_;
    }
    void deliver() noexcept override {
        if (who_->arriving()) return hold();
        if (who_->owner_ == nullptr) return;
        delivered_ = true;
        give_back(); // the session counts from here on
        who_->owner_->send_accepted(std::move(frame_));
    }

  private:
    void hold() noexcept {
        try {
            who_->moved_->held.push_back(std::move(frame_));
            delivered_ = true;
        } catch (...) { // no memory: it is lost, which is told
        }
    }
    void give_back() noexcept {
        if (std::exchange(charged_, false)) who_->options().total->release_mail(size_);
    }

    std::shared_ptr<session_control> who_;
    data_frame frame_;
    const std::uint64_t size_;
    bool charged_ = false;
    bool let_out_ = false;
    bool delivered_ = false;
};

std::uint64_t session_control::pending_bytes() const noexcept {
    return counters_.pending_bytes.load() + mailed_bytes_.load(std::memory_order_relaxed);
}

std::uint32_t session_control::pending_count() const noexcept {
    return counters_.pending_count.load() + mailed_count();
}

// Where nothing gives way, the same rule as the queue's own, over what is there and on its way: what passes
// here is not refused later. Else the queue decides, and this bounds what is on its way to it.
bool session_control::has_room(std::uint64_t bytes) const noexcept {
    const session_options &limits = options();
    const bool gives_way =
        limits.policy != drop_policy::drop_newest && !(away() && limits.keeps_all_while_away);
    const std::uint64_t waiting = gives_way ? mailed_bytes_.load(std::memory_order_relaxed) : pending_bytes();
    if (!gives_way && counters_.held.load() &&
        counters_.queued_count.load() + mailed_count() >= limits.max_queue_count)
        return false;
    const std::uint64_t room = limits.high_water_mark + limits.max_queued_bytes;
    // Short ones are bounded in number: what holds them is many times their size.
    if (mailed_count() > limits.max_queue_count + room / 256) return false;
    return (waiting == 0 && !counters_.held.load()) || waiting + bytes <= room;
}

status session_control::send(data_frame &&frame) {
    if (!sendable()) return away() ? status::state : status::closed;
    if (frame.receipt == 0) return pass_on(std::move(frame));
    if (!owe_receipt()) return status::receipts_full;
    status outcome = status::internal;
    try {
        outcome = pass_on(std::move(frame));
    } catch (...) {
        owed_receipts_.fetch_sub(1, std::memory_order_relaxed);
        throw;
    }
    if (outcome != status::ok) owed_receipts_.fetch_sub(1, std::memory_order_relaxed);
    return outcome;
}

bool session_control::owe_receipt() noexcept {
    if (owed_receipts_.fetch_add(1, std::memory_order_relaxed) < options().max_receipts) return true;
    owed_receipts_.fetch_sub(1, std::memory_order_relaxed);
    return false;
}

status session_control::pass_on(data_frame &&frame) {
    if (here()) return owner_ == nullptr ? status::closed : owner_->send(std::move(frame));
    return mail_frame(std::move(frame));
}

// The loop outlives the session, so that it takes every mail that is let out.
status session_control::mail_frame(data_frame &&frame) {
    if (!has_room(frame.size())) return status::full;
    auto mail = std::make_unique<send_mail>(shared_from_this(), std::move(frame));
    if (!mail->charge()) return status::total_full;
    if (!mail->let_out()) return status::closed;
    return post_mail(std::move(mail)) ? status::ok : status::closed;
}

status session_control::begin_shared_send(std::uint64_t bytes) noexcept {
    if (!has_room(bytes)) return status::full;
    if (options().total && !options().total->reserve_mail(bytes)) return status::total_full;
    if ((mailed_count_.fetch_add(1) & over) != 0) {
        mailed_count_.fetch_sub(1);
        if (options().total) options().total->release_mail(bytes);
        return status::closed;
    }
    mailed_bytes_.fetch_add(bytes, std::memory_order_relaxed);
    return status::ok;
}

void session_control::take_shared(data_frame &&frame) noexcept {
    const std::uint64_t bytes = frame.size();
    if (options().total) options().total->release_mail(bytes); // the session counts from here on
    if (owner_ != nullptr) owner_->send_accepted(std::move(frame));
    mailed_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
    mail_done();
}

void session_control::take_run(std::span<const posted_message> messages, std::uint64_t bytes) noexcept {
    const auto count = static_cast<std::uint32_t>(messages.size());
    if (options().total) options().total->release_mail(bytes, count); // the session counts from here on
    if (owner_ != nullptr) owner_->send_run(messages);
    mailed_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
    mail_done(count);
}

void session_control::drop_shared(std::uint64_t bytes, std::uint32_t count) noexcept {
    if (options().total) options().total->release_mail(bytes, count);
    mailed_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
    mail_done(count);
}

void session_control::tell_receipt(session_observer &to, std::uint64_t receipt, receipt_outcome outcome,
                                   double round_trip_ms, std::string_view by) noexcept {
    owed_receipts_.fetch_sub(1, std::memory_order_relaxed);
    if (message_tally *const counts = tally()) counts->receipt(outcome);
    to.on_receipt(*this, receipt, outcome, round_trip_ms, by);
}

void session_control::end(session_observer &to, std::uint16_t code, std::string_view reason,
                          std::shared_ptr<void> keep) noexcept {
    end_told_to_ = {std::move(keep), &to};
    end_code_ = code;
    set_reason(reason);
    mails_before_end_ = mailed_count_.fetch_or(over);
    if (mails_before_end_ == 0) tell_end();
}

void session_control::tell_end() noexcept {
    const auto to = std::move(end_told_to_); // may hold the last reference to this
    if (timers_) timers_->end();
    to->on_closed(*this, end_code_, this->reason());
}

// A message that came too late.
void session_control::lose(const data_frame &frame) noexcept {
    if (frame.receipt != 0 && end_told_to_ != nullptr)
        tell_receipt(*end_told_to_, frame.receipt, receipt_outcome::closed, -1, {});
}

void session_control::mail_done(std::uint32_t count) noexcept {
    if (end_told_to_ == nullptr)
        mailed_count_.fetch_sub(count);
    else if ((mails_before_end_ -= count) == 0)
        tell_end();
}

void session_host::send_each(std::span<const posted_message> messages) noexcept {
    for (const posted_message &one : messages)
        try {
            send_accepted(make_frame(one.kind, shared_bytes::copy(one.data)));
        } catch (...) {
            log(log_level::error, "Memory ran out; a message is lost.");
        }
}

} // namespace cryo_core
