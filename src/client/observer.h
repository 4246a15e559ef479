// Whom a client tells what happens.
#pragma once

#include "base/status.h"
#include "endpoint/session_observer.h"
#include "endpoint/token_request.h"

#include <memory>

namespace cryo_core {

// Why one attempt to connect came to nothing, and what comes next.
struct failed_attempt {
    failure why;
    int http_status = 0;
    time_us retry_in = never; // never: it has given up
};

class client_observer : public session_observer {
  public:
    virtual void on_attempt_failed(session_control &who, const failed_attempt &what) noexcept = 0;
    // For client_options::asks_for_token, before each attempt. It settles the ticket
    // (session_control::settle_token), in this call or later.
    virtual void on_token_wanted(session_control &who,
                                 const std::shared_ptr<token_request> &ticket) noexcept = 0;
    virtual void on_lost(session_control &who, message_kind kind, bytes_view data) noexcept = 0;
};

} // namespace cryo_core
