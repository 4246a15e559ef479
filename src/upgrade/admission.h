// Who may come in, as far as the request alone can say. The steps are apart because the application's
// validator runs between them: nothing about a session id is told to a peer whose token has not been
// accepted.
//
//     check_upgrade(request)   426 or 400: not a WebSocket at all
//     read_token(parameters)   401
//     ... the validator ...
//     read_sid(parameters)     400; whether a live session has it is for the server to say
#pragma once

#include "base/uuid.h"
#include "upgrade/query.h"
#include "upgrade/request.h"

#include <optional>
#include <variant>

namespace cryo_core::upgrade {

// The body says what is wrong and what to do. It never holds the token.
struct refusal {
    int status = 0;
    std::string body;
    std::optional<unsigned> retry_after_s{}; // unless it is said: a second with 503, nothing (0) with others
    bool omit_body = false;                  // the answer to HEAD is its headers alone
};

// Also bounds the number of query parameters, so it comes before they are parsed.
std::optional<refusal> check_upgrade(const request &head);

std::variant<std::string, refusal> read_token(const parameters &query);

// With CALE, a sid that begins with eight zero bytes is refused: its frames could be taken for records.
std::variant<uuid, refusal> read_sid(const parameters &query, bool cale = false);

// What the application may see: every parameter but the token, and all of it UTF-8. The sid is among them as
// it was asked for: a validator may hold a token to one session.
parameters application_parameters(const parameters &query);

} // namespace cryo_core::upgrade
