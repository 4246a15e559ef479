// The application as a server sees it: functions that are called back, or a queue.
#pragma once

#include "capi/server_options.h"
#include "server/observer.h"

namespace cryo_core::capi {

class application final : public server_observer {
  public:
    application(event_handlers handlers, cryo_validate_fn validator, user_data validator_user);

    void set_server(cryo_server *handle) noexcept { server_ = handle; }

    void on_listening(std::string_view host, std::uint16_t port) noexcept override;
    void on_validation(const std::shared_ptr<session_control> &who) noexcept override;
    void on_session(const std::shared_ptr<session_control> &who) noexcept override;
    void on_message(session_control &who, message_kind kind, bytes_view data) noexcept override;
    void on_statistic(session_control &who, statistic which, double value) noexcept override;
    void on_closed(session_control &who, std::uint16_t code, std::string_view reason) noexcept override;
    bool congested() const noexcept override { return handlers_.queue && handlers_.queue->congested(); }

  private:
    template <typename Fill>
    void enqueue(std::int32_t kind, session_control *who, Fill fill) noexcept;

    const event_handlers handlers_;
    const cryo_validate_fn validator_;
    const user_data validator_user_;
    cryo_server *server_ = nullptr;
};

} // namespace cryo_core::capi
