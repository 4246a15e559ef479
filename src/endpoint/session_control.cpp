#include "endpoint/session_control.h"

#include "base/log.h"
#include "base/pool.h"
#include "codec/frame.h"
#include "endpoint/worker_pool.h"
#include "session/byte_budget.h"
#include "ws/close_code.h"

namespace cryo_core {

namespace {

// An action for the loop's thread, on whatever connection the session still has there.
template <typename Action>
class control_mail final : public net::mail, public pooled {
  public:
    control_mail(std::shared_ptr<session_control> who, Action action)
        : who_(std::move(who)), action_(std::move(action)) {}
    void deliver() noexcept override { action_(*who_); }

  private:
    std::shared_ptr<session_control> who_;
    Action action_;
};

} // namespace

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
        if (!let_out_) return;
        if (!delivered_) who_->lose(frame_);
        who_->mail_done();
    }
    // False: the session is over.
    bool let_out() noexcept {
        let_out_ = (who_->mailed_count_.fetch_add(1) & over) == 0;
        if (!let_out_) who_->mailed_count_.fetch_sub(1);
        return let_out_;
    }
    void deliver() noexcept override {
        if (who_->owner_ == nullptr) return;
        delivered_ = true;
        who_->owner_->send_accepted(std::move(frame_));
    }

  private:
    std::shared_ptr<session_control> who_;
    data_frame frame_;
    const std::uint64_t size_;
    bool let_out_ = false;
    bool delivered_ = false;
};

class session_control::close_mail final : public net::mail {
  public:
    void deliver() noexcept override {
        if (who->owner_ != nullptr) who->owner_->close(code, reason);
    }

    std::shared_ptr<session_control> who;
    std::string reason;
    std::uint16_t code = 0;
};

// There and back: a worker runs it, then it is a letter to the session.
class session_control::computation final : public work, public net::mail {
  public:
    computation(std::shared_ptr<session_control> who, cale_job job) noexcept
        : who_(std::move(who)), job_(std::move(job)) {}
    // Under a flood of clients that do not stay, only for those who do. One that is dropped goes back as
    // well: its last share in the session is let go of on the session's loop.
    void run(std::unique_ptr<work> self) noexcept override {
        if (wanted()) job_.run();
        const auto loop = who_->loop_;
        static_cast<void>(self.release());
        loop->post(std::unique_ptr<net::mail>(this));
    }
    void deliver() noexcept override {
        if (wanted() && who_->owner_ != nullptr) who_->owner_->on_computed(std::move(job_));
    }

  private:
    bool wanted() const noexcept { return who_->computations_.load(std::memory_order_relaxed) == number_; }

    std::shared_ptr<session_control> who_;
    cale_job job_;
    const std::uint32_t number_ = who_->computations_.load(std::memory_order_relaxed);
};

session_control::session_control(session_facts facts, std::shared_ptr<net::loop> loop, session_host &owner,
                                 std::shared_ptr<const session_options> options)
    : facts_(std::move(facts)), loop_(std::move(loop)), owner_(&owner), options_(std::move(options)),
      close_mail_(std::make_unique<close_mail>()) {
    close_mail_->reason.reserve(ws::max_reason_size);
}

session_control::~session_control() = default;

template <typename Action>
std::unique_ptr<net::mail> session_control::letter(Action action) {
    return std::make_unique<control_mail<Action>>(shared_from_this(), std::move(action));
}

template <typename Action>
bool session_control::post(Action action) {
    return loop_->post(letter(std::move(action)));
}

template <typename Action>
void session_control::try_post(Action action) noexcept {
    try {
        post(std::move(action));
    } catch (...) {
        log(log_level::error, "Memory ran out; a client has to wait for its session id.");
    }
}

std::uint64_t session_control::pending_bytes() const noexcept {
    return counters_.pending_bytes.load() + mailed_bytes_.load(std::memory_order_relaxed);
}

std::uint32_t session_control::pending_count() const noexcept {
    return counters_.pending_count.load() + mailed_count();
}

bool session_control::settle(bool accept, std::string reason) {
    std::unique_ptr<net::mail> verdict_mail; // made before the step that cannot be taken back
    if (!loop_->in_thread())
        verdict_mail = letter([](session_control &self) {
            if (self.owner_ != nullptr) self.owner_->on_verdict();
        });
    verdict expected = verdict::pending;
    if (!verdict_.compare_exchange_strong(expected, verdict::settling, std::memory_order_acq_rel))
        return false;
    reason_ = std::move(reason);
    verdict_.store(accept ? verdict::accepted : verdict::rejected, std::memory_order_release);
    if (verdict_mail) return loop_->post(std::move(verdict_mail));
    if (owner_ != nullptr) owner_->on_verdict();
    return true;
}

bool session_control::expire() noexcept {
    verdict expected = verdict::pending;
    return verdict_.compare_exchange_strong(expected, verdict::expired, std::memory_order_acq_rel);
}

// Where nothing gives way, the same rule as the queue's own, over what is there and on its way: what passes
// here is not refused later. Else the queue decides, and this bounds what is on its way to it.
bool session_control::has_room(std::uint64_t bytes) const noexcept {
    const session_options &limits = *options_;
    const bool gives_way = limits.policy != drop_policy::drop_newest;
    const std::uint64_t waiting = gives_way ? mailed_bytes_.load(std::memory_order_relaxed) : pending_bytes();
    if (!gives_way && counters_.held.load() &&
        counters_.queued_count.load() + mailed_count() >= limits.max_queue_count)
        return false;
    return (waiting == 0 && !counters_.held.load()) ||
           waiting + bytes <= limits.high_water_mark + limits.max_queued_bytes;
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
    if (owed_receipts_.fetch_add(1, std::memory_order_relaxed) < options_->max_receipts) return true;
    owed_receipts_.fetch_sub(1, std::memory_order_relaxed);
    return false;
}

status session_control::pass_on(data_frame &&frame) {
    if (loop_->in_thread()) return owner_ == nullptr ? status::closed : owner_->send(std::move(frame));
    return mail_frame(std::move(frame));
}

// The loop outlives the session, so that it takes every mail that is let out.
status session_control::mail_frame(data_frame &&frame) {
    if (!has_room(frame.size())) return status::full;
    if (options_->total && !options_->total->has_room(frame.size())) return status::total_full;
    auto mail = std::make_unique<send_mail>(shared_from_this(), std::move(frame));
    if (!mail->let_out()) return status::closed;
    return loop_->post(std::move(mail)) ? status::ok : status::closed;
}

bool session_control::settle_hook(hook_ticket &ticket, hook_ticket::answer how, shared_bytes replacement,
                                  std::string reason) {
    auto told = letter([](session_control &self) {
        if (self.owner_ != nullptr) self.owner_->on_hooks_settled();
    });
    if (!ticket.settle(how, std::move(replacement), std::move(reason))) return false;
    // Inside of the hook its session looks for itself; elsewhere this must not run inside another callback.
    if (!(loop_->in_thread() && ticket.being_asked())) loop_->post(std::move(told));
    return true;
}

status session_control::ping() {
    if (!sendable()) return away() ? status::state : status::closed;
    if (loop_->in_thread()) {
        if (owner_ != nullptr) owner_->ping();
        return status::ok;
    }
    const bool posted = post([](session_control &self) {
        if (self.owner_ != nullptr) self.owner_->ping();
    });
    return posted ? status::ok : status::closed;
}

status session_control::close(std::uint16_t code, std::string_view reason) {
    if ((!open() && !away()) || close_sent_.exchange(true, std::memory_order_acq_rel)) return status::closed;
    if (loop_->in_thread()) {
        if (owner_ != nullptr) owner_->close(code, reason);
        return status::ok;
    }
    auto mail = std::move(close_mail_);
    mail->who = shared_from_this();
    mail->code = code;
    mail->reason.assign(reason.substr(0, mail->reason.capacity())); // the frame cuts at a character
    return loop_->post(std::move(mail)) ? status::ok : status::closed;
}

void session_control::compute(worker_pool &on, cale_job job) {
    on.put(std::make_unique<computation>(shared_from_this(), std::move(job)));
}

void session_control::tell_receipt(session_observer &to, std::uint64_t receipt, receipt_outcome outcome,
                                   double round_trip_ms, std::string_view by) noexcept {
    owed_receipts_.fetch_sub(1, std::memory_order_relaxed);
    to.on_receipt(*this, receipt, outcome, round_trip_ms, by);
}

void session_control::end(session_observer &to, std::uint16_t code, std::string_view reason,
                          std::shared_ptr<void> keep) noexcept {
    end_told_to_ = &to;
    end_keeps_ = std::move(keep);
    end_code_ = code;
    try {
        end_reason_ = reason;
    } catch (...) { // it needs no reason to be told
    }
    mails_before_end_ = mailed_count_.fetch_or(over);
    if (mails_before_end_ == 0) tell_end();
}

void session_control::tell_end() noexcept {
    const auto keep = std::move(end_keeps_); // may hold the last reference to this
    end_told_to_->on_closed(*this, end_code_, end_reason_);
}

// A message that came too late.
void session_control::lose(const data_frame &frame) noexcept {
    if (frame.receipt != 0 && end_told_to_ != nullptr)
        tell_receipt(*end_told_to_, frame.receipt, receipt_outcome::closed, -1, {});
}

void session_control::mail_done() noexcept {
    if (end_told_to_ == nullptr)
        mailed_count_.fetch_sub(1);
    else if (--mails_before_end_ == 0)
        tell_end();
}

void session_control::wake() noexcept {
    try_post([](session_control &self) {
        if (self.owner_ != nullptr) self.owner_->on_sid_free();
    });
}

void session_control::hurry() noexcept {
    try_post([](session_control &self) {
        if (self.owner_ != nullptr) self.owner_->finish_closing();
    });
}

} // namespace cryo_core
