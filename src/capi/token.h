// A client's token: what may be one, who is asked for it, and what the boundary keeps with the question.
#pragma once

#include "capi/guard.h"
#include "endpoint/session_control.h"

#include <memory>

namespace cryo_core::capi {

struct token_provider {
    cryo_token_fn fn = nullptr; // NULL: the questions go to the queue
    user_data user;
};

// CRYO_ERR_INVALID: it is NULL, empty, or no UTF-8.
cryo_status check_token(const char *function, const char *token) noexcept;

class token_attachment final : public token_request::attachment {
  public:
    explicit token_attachment(std::shared_ptr<session_control> of) noexcept : of_(std::move(of)) {}
    ~token_attachment() override;

    // Makes the ticket's handle; it is stale when the ticket is gone.
    static cryo_token_request *prepare(token_request &ticket, std::shared_ptr<session_control> of);
    static token_attachment &of(token_request &ticket) noexcept {
        return static_cast<token_attachment &>(*ticket.attached);
    }

    session_control &session() const noexcept { return *of_; }

  private:
    const std::shared_ptr<session_control> of_;
    cryo_token_request *handle_ = nullptr;
};

} // namespace cryo_core::capi
