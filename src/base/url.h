// Addresses of WebSocket servers (RFC 6455 section 3), and the percent-encoding of what goes into a query.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cryo_core {

struct url {
    bool tls = false; // wss
    std::string host; // lower case; an IPv6 address without brackets, its zone as in "fe80::1%eth0"; or
                      // "unix:/run/cryo.sock", a Unix-domain socket, which has port 0
    std::uint16_t port = 0;
    std::string path;  // at least "/"
    std::string query; // without the question mark

    bool is_unix() const noexcept { return host.starts_with("unix:"); }

    // As a request has it: the path, and the query behind a question mark if there is one.
    std::string path_and_query() const;

    // "wss://example.com", "ws://[::1]:8080", "ws+unix:/run/cryo.sock": without what may be secret, for logs
    // and people.
    std::string origin() const;
};

// Takes ws+unix: with a path, behind a colon the request's path and query
// ("ws+unix:/run/cryo.sock:/path?query"), and ws:// and wss:// with a host (an IPv6 address with a zone as
// RFC 6874 has it, "[fe80::1%25eth0]", or as it is written otherwise, "[fe80::1%eth0]"), nothing that a
// WebSocket has no use for (user, fragment), and only what may stand in a request. Returns what is wrong, a
// static text for a person; empty: nothing is.
std::string_view parse_url(std::string_view text, url &into);

// All but letters, digits and -._~ as %XX (RFC 3986 section 2).
std::string percent_encoded(std::string_view text);

// Puts name=value behind a query, both encoded.
void add_parameter(std::string &query, std::string_view name, std::string_view value);

} // namespace cryo_core
