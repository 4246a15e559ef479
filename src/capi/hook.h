// What the boundary keeps with a ticket of an extension: its handle, and its session.
#pragma once

#include "capi/guard.h"
#include "endpoint/session_control.h"

namespace cryo_core::capi {

class hook_attachment final : public hook_ticket::attachment {
  public:
    explicit hook_attachment(std::shared_ptr<session_control> of) noexcept : of_(std::move(of)) {}
    ~hook_attachment() override;

    // Makes the ticket's handle; it is stale when the ticket is gone.
    static cryo_hook *prepare(hook_ticket &ticket, std::shared_ptr<session_control> of);
    static hook_attachment &of(hook_ticket &ticket) noexcept {
        return static_cast<hook_attachment &>(*ticket.attached);
    }

    session_control &session() const noexcept { return *of_; }

  private:
    const std::shared_ptr<session_control> of_;
    cryo_hook *handle_ = nullptr;
};

} // namespace cryo_core::capi
