#include "endpoint/session_control.h"

#include "base/log.h"
#include "base/pool.h"
#include "codec/frame.h"
#include "endpoint/worker_pool.h"
#include "ws/close_code.h"

namespace cryo_core {

namespace {

// As the send queue counts: an empty message needs memory too.
std::uint64_t frame_size_of(const shared_bytes &payload) noexcept {
    return codec::header_size + payload.size();
}

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

// Bytes and count stand in the mailed_* counters until the mail is gone, delivered or not.
class session_control::send_mail final : public net::mail, public pooled {
  public:
    send_mail(std::shared_ptr<session_control> who, message_kind kind, shared_bytes payload) noexcept
        : who_(std::move(who)), payload_(std::move(payload)), kind_(kind) {}
    ~send_mail() override {
        who_->mailed_bytes_.fetch_sub(frame_size_, std::memory_order_relaxed);
        who_->mailed_count_.fetch_sub(1, std::memory_order_release);
    }
    void deliver() noexcept override {
        if (who_->owner_ != nullptr) who_->owner_->send_accepted(kind_, std::move(payload_));
    }

  private:
    std::shared_ptr<session_control> who_;
    shared_bytes payload_;
    const std::uint64_t frame_size_ = frame_size_of(payload_);
    message_kind kind_;
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
    void run(std::unique_ptr<work> self) noexcept override {
        job_.run();
        const auto loop = who_->loop_;
        static_cast<void>(self.release());
        loop->post(std::unique_ptr<net::mail>(this));
    }
    void deliver() noexcept override {
        if (who_->owner_ != nullptr) who_->owner_->on_computed(std::move(job_));
    }

  private:
    std::shared_ptr<session_control> who_;
    cale_job job_;
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

// The same rule as the queue's own, over what is there and on its way: what passes here is never refused
// later.
bool session_control::has_room(std::uint64_t bytes) const noexcept {
    const session_options &limits = *options_;
    const std::uint64_t waiting = pending_bytes();
    if (!counters_.held.load())
        return waiting == 0 || waiting + bytes <= limits.high_water_mark + limits.max_queued_bytes;
    return counters_.queued_count.load() + mailed_count_.load(std::memory_order_relaxed) <
               limits.max_queue_count &&
           waiting + bytes <= limits.high_water_mark + limits.max_queued_bytes;
}

status session_control::send(message_kind kind, bytes_view data) {
    if (!sendable()) return away() ? status::state : status::closed;
    return send(kind, shared_bytes::copy(data));
}

status session_control::send(message_kind kind, shared_bytes payload) {
    if (!sendable()) return away() ? status::state : status::closed;
    if (loop_->in_thread())
        return owner_ == nullptr ? status::closed : owner_->send(kind, std::move(payload));
    const std::uint64_t bytes = frame_size_of(payload);
    if (!has_room(bytes)) return status::full;
    mailed_bytes_.fetch_add(bytes, std::memory_order_relaxed);
    mailed_count_.fetch_add(1, std::memory_order_relaxed);
    std::unique_ptr<send_mail> mail;
    try {
        mail = std::make_unique<send_mail>(shared_from_this(), kind, std::move(payload));
    } catch (...) {
        mailed_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
        mailed_count_.fetch_sub(1, std::memory_order_relaxed);
        throw;
    }
    return loop_->post(std::move(mail)) ? status::ok : status::closed;
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
