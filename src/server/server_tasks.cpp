// What the application wants done on a server's thread.
#include "server/server.h"

#include <utility>

namespace cryo_core {

namespace {

class task_mail final : public net::mail {
  public:
    task_mail(service &to, time_us when, std::unique_ptr<task> what) noexcept
        : to_(to), when_(when), what_(std::move(what)) {}
    void deliver() noexcept override { to_.take_task(when_, std::move(what_)); }

  private:
    service &to_;
    const time_us when_;
    std::unique_ptr<task> what_;
};

} // namespace

failure server::post_task(time_us when, std::unique_ptr<task> what) {
    const std::lock_guard lock(mutex_);
    if (state_ == state::fresh) return {status::state, "The server was not started."};
    if (state_ != state::running) return {status::closed, "The server has stopped."};
    service &first = *services_.front();
    if (first.post(std::make_unique<task_mail>(first, when, std::move(what)))) return {};
    return {status::closed, "The server has stopped."};
}

} // namespace cryo_core
