// The application as a server sees it: functions that are called back, or a queue.
#pragma once

#include "capi/session_teller.h"
#include "server/observer.h"

namespace cryo_core::capi {

class application final : public session_teller<server_observer> {
  public:
    application(event_handlers handlers, cryo_validate_fn validator, user_data validator_user);

    void set_server(cryo_server *handle) noexcept { server_ = handle; }

    void on_listening(std::string_view host, std::uint16_t port) noexcept override;
    void on_validation(const std::shared_ptr<session_control> &who) noexcept override;

    // What the server's peers tell too.
    const event_handlers &handlers() const noexcept { return handlers_; }

  private:
    cryo_session *handle_for(const std::shared_ptr<session_control> &who) noexcept override;

    const cryo_validate_fn validator_;
    const user_data validator_user_;
    cryo_server *server_ = nullptr;
};

} // namespace cryo_core::capi
