// The application as a client sees it: functions that are called back, or a queue.
#pragma once

#include "capi/session_teller.h"
#include "capi/token.h"
#include "client/observer.h"

namespace cryo_core::capi {

class client_application final : public session_teller<client_observer> {
  public:
    client_application(event_handlers handlers, token_provider tokens) noexcept
        : session_teller(std::move(handlers)), tokens_(std::move(tokens)) {}

    void on_attempt_failed(session_control &who, const failed_attempt &what) noexcept override;
    void on_token_wanted(session_control &who,
                         const std::shared_ptr<token_request> &ticket) noexcept override;
    void on_lost(session_control &who, message_kind kind, bytes_view data) noexcept override;

  private:
    // It has its handle from the beginning.
    cryo_session *handle_for(const std::shared_ptr<session_control> &who) noexcept override {
        return handle_of(*who);
    }

    const token_provider tokens_;
};

} // namespace cryo_core::capi
