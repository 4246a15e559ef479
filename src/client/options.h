// What a client may be told to do differently.
#pragma once

#include "base/url.h"
#include "net/proxy.h"
#include "net/tls_client.h"
#include "session/options.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cryo_core {

struct client_options {
    url to;
    std::string token;
    bool asks_for_token = false; // before each attempt, instead
    std::optional<uuid> sid;     // none: a random one
    std::vector<std::pair<std::string, std::string>> parameters;
    std::string headers; // of the request, more of them: each with its line end
    net::client_tls_source tls;
    std::optional<net::proxy> proxy;
    bool proxy_from_environment = false; // where there is no other

    time_us connect_timeout = from_ms(10000);
    // Against servers that do not answer a close, or do not read what was sent before it.
    time_us close_timeout = from_ms(2000);
    std::uint64_t max_message = 16 * 1024 * 1024;

    // The wait after the n-th failure in a row: random, up to initial * 2^(n-1), and up to max.
    time_us reconnect_initial = from_ms(500);
    time_us reconnect_max = from_ms(30000);
    std::uint32_t reconnect_attempts = UINT32_MAX;
    // What was not acknowledged is sent again; otherwise it is told as lost.
    bool resend = false;

    bool peer = false; // a server's session to another server

    session_options session{.keep_unacknowledged = true, .keeps_all_while_away = true};
};

} // namespace cryo_core
