#include "endpoint/session_control.h"

#include "base/log.h"
#include "base/pool.h"
#include "endpoint/worker_pool.h"

#include <new>
#include <utility>

namespace cryo_core {

namespace {

// An action for the loop's thread, on whatever connection the session still has there.
template <typename Action>
class control_mail final : public net::mail, public pooled {
  public:
    control_mail(std::shared_ptr<session_control> who, Action action)
        : who_(std::move(who)), action_(std::move(action)) {}
    void deliver() noexcept override {
        if (!who_->arriving()) action_(*who_);
    }

  private:
    std::shared_ptr<session_control> who_;
    Action action_;
};

} // namespace

void session_control::close_mail::deliver() noexcept {
    if (who->arriving())
        who->moved_->close_held = true;
    else if (who->owner_ != nullptr)
        who->owner_->close(who->close_code_, as_text(reason.view()));
}

void session_control::close_mail::dispose() noexcept {
    const auto last = std::move(who);
}

namespace {

// Without memory for it: none.
shared_bytes copy_reason(std::string_view reason) noexcept {
    try {
        return reason.empty() ? shared_bytes() : shared_bytes::copy(as_bytes(reason));
    } catch (const std::bad_alloc &) {
        return {};
    }
}

} // namespace

// There and back: a worker runs it, then it is a letter to the session.
class session_control::computation final : public work, public net::mail {
  public:
    computation(std::shared_ptr<session_control> who, cale_job job) noexcept
        : who_(std::move(who)), job_(std::move(job)) {}
    // Under a flood of clients that do not stay, only for those who do. One that is dropped goes back as
    // well: its last share in the session is let go of on the session's loop.
    void run(std::unique_ptr<work> self) noexcept override {
        if (wanted()) job_.run();
        const auto who = who_;
        static_cast<void>(self.release());
        who->post_mail(std::unique_ptr<net::mail>(this));
    }
    void deliver() noexcept override {
        if (wanted() && !who_->arriving() && who_->owner_ != nullptr)
            who_->owner_->on_computed(std::move(job_));
    }

  private:
    bool wanted() const noexcept { return who_->computations_.load(std::memory_order_relaxed) == number_; }

    std::shared_ptr<session_control> who_;
    cale_job job_;
    const std::uint32_t number_ = who_->computations_.load(std::memory_order_relaxed);
};

session_control::session_control(session_facts facts, std::shared_ptr<const session_place> place,
                                 session_host &owner)
    : place_(std::move(place)), owner_(&owner), facts_(std::move(facts)) {}

session_control::~session_control() = default;

template <typename Action>
std::unique_ptr<net::mail> session_control::letter(Action action) {
    return std::make_unique<control_mail<Action>>(shared_from_this(), std::move(action));
}

template <typename Action>
bool session_control::post(Action action) {
    return post_mail(letter(std::move(action)));
}

template <typename Action>
void session_control::try_post(Action action) noexcept {
    try {
        post(std::move(action));
    } catch (...) {
        log(log_level::error, "Memory ran out; a client has to wait for its session id.");
    }
}

bool session_control::settle(verdict outcome, std::string_view reason, const std::function<void()> &chosen) {
    // Whatever needs memory comes before the step that cannot be taken back.
    std::unique_ptr<net::mail> verdict_mail;
    if (!here())
        verdict_mail = letter([](session_control &self) {
            if (self.owner_ != nullptr) self.owner_->on_verdict();
        });
    shared_bytes why = reason.empty() ? shared_bytes() : shared_bytes::copy(as_bytes(reason));
    verdict expected = verdict::pending;
    if (!verdict_.compare_exchange_strong(expected, verdict::settling, std::memory_order_acq_rel))
        return false;
    reason_ = std::move(why);
    if (chosen) chosen();
    verdict_.store(outcome, std::memory_order_release);
    if (verdict_mail) return post_mail(std::move(verdict_mail));
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
    if (!(here() && ticket.being_asked())) post_mail(std::move(told));
    return true;
}

bool session_control::settle_token(token_request &ticket, token_request::answer how, std::string text) {
    auto told = letter([](session_control &self) {
        if (self.owner_ != nullptr) self.owner_->on_token();
    });
    if (!ticket.settle(how, std::move(text))) return false;
    if (!(here() && ticket.being_asked())) post_mail(std::move(told));
    return true;
}

status session_control::ping() {
    if (!sendable()) return away() ? status::state : status::closed;
    if (here()) {
        if (owner_ != nullptr) owner_->ping();
        return status::ok;
    }
    // Behind one that is on its way another one would say nothing new.
    if (ping_under_way_.exchange(true, std::memory_order_acq_rel)) return status::ok;
    bool posted = false;
    try {
        posted = post([](session_control &self) {
            self.ping_under_way_.store(false, std::memory_order_release);
            if (self.owner_ != nullptr) self.owner_->ping();
        });
    } catch (...) {
        ping_under_way_.store(false, std::memory_order_release);
        throw;
    }
    return posted ? status::ok : status::closed;
}

status session_control::change_expiry(time_us when) {
    if (!accepted()) return status::state;
    if (!open() && !away()) return status::closed;
    set_expiry(when);
    if (here()) {
        if (owner_ != nullptr) owner_->on_expiry();
        return status::ok;
    }
    const bool posted = post([](session_control &self) {
        if (self.owner_ != nullptr) self.owner_->on_expiry();
    });
    return posted ? status::ok : status::closed;
}

status session_control::close(std::uint16_t code, std::string_view reason) {
    if ((!open() && !away()) || close_sent_.exchange(true, std::memory_order_acq_rel)) return status::closed;
    if (here()) {
        if (owner_ != nullptr) owner_->close(code, reason);
        return status::ok;
    }
    close_mail_.who = shared_from_this();
    close_code_ = code;
    close_mail_.reason = copy_reason(reason); // the frame cuts it at a character
    return post_mail(close_mail_) ? status::ok : status::closed;
}

void session_control::set_reason(std::string_view reason) noexcept {
    reason_ = copy_reason(reason);
}

void session_control::compute(worker_pool &on, cale_job job) {
    on.put(std::make_unique<computation>(shared_from_this(), std::move(job)));
}

void session_control::wake() noexcept {
    try_post([](session_control &self) {
        if (self.owner_ != nullptr) self.owner_->on_sid_free();
    });
}

void session_control::turn_away() noexcept {
    try_post([](session_control &self) {
        if (self.owner_ != nullptr) self.owner_->on_sid_taken();
    });
}

void session_control::hurry() noexcept {
    try_post([](session_control &self) {
        if (self.owner_ != nullptr) self.owner_->finish_closing();
    });
}

void session_control::probe() noexcept {
    try_post([](session_control &self) {
        if (self.owner_ != nullptr) self.owner_->on_probe();
    });
}

void session_control::give_way(bool if_silent) noexcept {
    try_post([if_silent](session_control &self) {
        if (self.owner_ != nullptr) self.owner_->on_rival(if_silent);
    });
}

} // namespace cryo_core
