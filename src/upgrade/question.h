// Requests that are no clients but ask how the server is: balancers, orchestrators, scrapers of figures.
#pragma once

#include "upgrade/request.h"

#include <string>
#include <string_view>

namespace cryo_core::upgrade {

enum class question : std::uint8_t {
    none,    // a client, or a stranger
    alive,   // /healthz
    ready,   // /readyz; and what balancers ask by default: OPTIONS, and / without a query
    figures, // /metrics
};

// A request with a word of a WebSocket in it is none: a proxy may have dropped the rest.
question asked_by(const request &head) noexcept;

// GET, HEAD and OPTIONS.
bool may_ask(std::string_view method) noexcept;

// Whether the request bears this token. How long it takes tells nothing of what would have been right.
bool has_bearer(const request &head, std::string_view token) noexcept;

struct reply {
    int status = 200;
    std::string_view body;
    std::string_view type = "text/plain; charset=utf-8";
    unsigned retry_after_s = 0; // with 503
};

// The whole answer to `head`; the connection closes behind it.
std::string answer_question(const request &head, const reply &how);

} // namespace cryo_core::upgrade
