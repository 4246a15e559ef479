#include "endpoint/session_control.h"

#include "base/log.h"
#include "base/pool.h"
#include "codec/frame.h"
#include "endpoint/worker_pool.h"
#include "ws/close_code.h"

#include <array>

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

class session_control::close_mail final : public net::mail {
  public:
    void deliver() noexcept override {
        if (who->owner_ != nullptr) who->owner_->close(code, {reason.data(), reason_size});
    }

    std::shared_ptr<session_control> who;
    std::array<char, ws::max_reason_size> reason; // closing needs no memory
    std::uint8_t reason_size = 0;
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
      close_mail_(std::make_unique<close_mail>()) {}

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
    mail->reason_size = // the frame cuts at a character
        static_cast<std::uint8_t>(reason.copy(mail->reason.data(), mail->reason.size()));
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
