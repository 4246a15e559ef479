// What the application does with a session from anywhere that is not a message: pausing it, being done with a
// message, functions that shall run on its thread.
#include "endpoint/session_control.h"

#include "base/log.h"
#include "base/pool.h"

#include <utility>

namespace cryo_core {

namespace {

template <typename Action>
class action_mail final : public net::mail, public pooled {
  public:
    action_mail(std::shared_ptr<session_control> who, Action action)
        : who_(std::move(who)), action_(std::move(action)) {}
    void deliver() noexcept override {
        if (!who_->arriving() && who_->owner() != nullptr) action_(*who_->owner());
    }

  private:
    std::shared_ptr<session_control> who_;
    Action action_;
};

template <typename Action>
std::unique_ptr<net::mail> mail_for(std::shared_ptr<session_control> who, Action action) {
    return std::make_unique<action_mail<Action>>(std::move(who), std::move(action));
}

} // namespace

class session_control::task_mail final : public net::mail {
  public:
    task_mail(std::shared_ptr<session_control> who, time_us when, std::unique_ptr<task> what) noexcept
        : who_(std::move(who)), when_(when), what_(std::move(what)) {}
    void deliver() noexcept override { who_->take_task(when_, std::move(what_)); }

  private:
    std::shared_ptr<session_control> who_;
    time_us when_;
    std::unique_ptr<task> what_;
};

status session_control::pause(bool on) {
    if (!open() && !away()) return status::closed;
    set(state_paused, on);
    if (on && here()) { // what was kept is told behind the application's call, and not inside of it
        if (owner_ != nullptr) owner_->on_pause();
        return status::ok;
    }
    return post_mail(mail_for(shared_from_this(), [](session_host &host) { host.on_pause(); }))
               ? status::ok
               : status::closed;
}

void session_control::settle_hooks_later() noexcept {
    try {
        post_mail(mail_for(shared_from_this(), [](session_host &host) { host.on_hooks_settled(); }));
    } catch (...) {
        log(log_level::error, "Memory ran out; messages wait until the next one comes.");
    }
}

status session_control::acknowledge(std::uint64_t message) {
    const auto number = static_cast<std::uint32_t>(message);
    if (!options().manual_ack || message == 0 || message_id(number) != message || away())
        return status::state;
    if (!open()) return status::closed;
    if (here()) {
        if (owner_ != nullptr) owner_->on_handled(number);
        return status::ok;
    }
    const bool posted =
        post_mail(mail_for(shared_from_this(), [number, message, who = this](session_host &host) {
            if (who->message_id(number) == message) host.on_handled(number);
        }));
    return posted ? status::ok : status::closed;
}

bool session_control::post_task(std::unique_ptr<task> what) {
    return post_task_at(0, std::move(what));
}

bool session_control::post_task_at(time_us when, std::unique_ptr<task> what) {
    if ((mailed_count_.load() & over) != 0) return false;
    return post_mail(std::make_unique<task_mail>(shared_from_this(), when, std::move(what)));
}

void session_control::take_task(time_us when, std::unique_ptr<task> what) noexcept {
    try {
        if (arriving()) {
            moved_->tasks.emplace_back(when, std::move(what));
            return;
        }
        if (owner_ == nullptr) return;
        if (when == 0) return what->run();
        if (!timers_) timers_ = std::make_unique<task_timers>(home_.load()->loop);
        timers_->add(when, std::move(what));
    } catch (...) {
        log(log_level::error, "Memory ran out; a function that was posted does not run.");
    }
}

} // namespace cryo_core
