// Who holds a session that waits for its client to come back.
#pragma once

#include "server/kept_session.h"
#include "server/registry.h"

#include <list>

namespace cryo_core {

class service;

class away_session final : public session_host, public timer {
  public:
    // It is on the list of `home` until it goes.
    away_session(service &home, std::unique_ptr<kept_session> kept) noexcept;
    ~away_session() override;
    away_session(const away_session &) = delete;
    away_session &operator=(const away_session &) = delete;

    // It is the owner, and what has come while the session was on its way here is taken in; it does not go
    // yet.
    void take_over() noexcept;
    // Gives it to a client that has come already, or waits. It may be gone behind this.
    void begin();
    void shut_down() noexcept;
    bool empty() const noexcept { return kept_ == nullptr; } // it has ended or gone, and is only on the list
    bool is(const session_control *who) const noexcept { return kept_ && kept_->control.get() == who; }

    status send(data_frame &&frame) override;
    void send_accepted(data_frame &&frame) noexcept override;
    bool offer(data_frame &&frame) override;
    void on_hooks_settled() noexcept override {} // its tickets are void
    void ping() override {}                      // there is nobody to be pinged
    void close(std::uint16_t code, std::string_view reason) override;
    void on_computed(cale_job) override {}
    // Its client wants it back.
    void on_probe() override { hand_over(); }
    void on_rival(bool if_silent) override;
    void on_expiry() override;

    std::list<std::unique_ptr<away_session>>::iterator place; // on the list of the service

  private:
    // While something is told: what the application closes then ends behind that.
    template <typename Action>
    auto telling(Action action);
    void on_deadline(time_us now) override;
    void hand_over();
    void leave(const registry::holder &to);
    void end(std::uint16_t code, std::string_view reason) noexcept;

    service &home_;
    std::unique_ptr<kept_session> kept_;
    bool inside_ = false;
};

} // namespace cryo_core
