// HTTP proxies that a client goes through (RFC 9110 section 9.3.6, RFC 6455 section 4.1), and when.
#pragma once

#include "base/status.h"
#include "base/url.h"

#include <optional>
#include <string>
#include <string_view>

namespace cryo_core::net {

struct proxy {
    std::string host{}; // a name or an address, IPv6 without brackets
    std::uint16_t port = 0;
    std::string authorization{}; // of Proxy-Authorization; empty: none
};

// "http://user:password@host:port", what is optional left out: the scheme, user and password
// (percent-encoded), and the port, 80. Returns what is wrong, a static text for a person; empty: nothing is.
std::string_view parse_proxy(std::string_view text, proxy &into);

// What the environment says, as most programs read it: https_proxy or HTTPS_PROXY for wss://, http_proxy for
// ws:// (in lower case only: a CGI program gets the upper one from whoever asks it), and no_proxy or
// NO_PROXY. Nothing: none, or `why` says what is wrong with it.
std::optional<proxy> proxy_of_environment(const url &to, failure &why);

// Whether a list of hosts, as no_proxy has it, names this one: "*", names with all below them (also ".name"
// and
// "*.name"), addresses, networks ("192.0.2.0/24"), each but those with or without a port.
bool names_host(std::string_view list, const std::string &host, std::uint16_t port);

} // namespace cryo_core::net
