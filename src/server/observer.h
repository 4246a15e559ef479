// Whom a server tells what happens.
#pragma once

#include "endpoint/session_observer.h"

namespace cryo_core {

class server_observer : public session_observer {
  public:
    virtual void on_listening(std::string_view host, std::uint16_t port) noexcept = 0;
    // Shall this token come in? To be answered by session_control::settle, now or later.
    virtual void on_validation(const std::shared_ptr<session_control> &who) noexcept = 0;
};

} // namespace cryo_core
