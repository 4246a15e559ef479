// A server's wish to stop, on its way to one of its loops.
#pragma once

#include "server/server.h"

namespace cryo_core {

// What stop() puts into a loop's mailbox. Whoever has the mutex has seen that the server runs, and what he
// posts comes before shut_down(); so that is only posted when he has let go of it.
class server::stop_request final : public net::mail {
  public:
    stop_request(server &of, service &to) noexcept : of_(of), to_(to) {}
    bool post() noexcept { return to_.loop()->post_from_signal(*this); }
    void deliver() noexcept override {
        { const std::lock_guard others_are_done(of_.mutex_); }
        to_.stop();
    }

  private:
    void dispose() noexcept override {} // it is the server's

    server &of_;
    service &to_;
};

} // namespace cryo_core
