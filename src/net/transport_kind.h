// Which of the ways in net/transport.h a loop's connections are carried.
#pragma once

#include <cstdint>

namespace cryo_core::net {

enum class transport_kind : std::uint8_t {
    automatic,     // poll; with TLS that is not OpenSSL's, libwebsockets
    libwebsockets, // everywhere
    poll,          // sockets alone, and what the system says of their readiness
    poll_each      // the same with a handle of libuv's for each socket, as systems without epoll have it
};

// What `automatic` comes to.
transport_kind resolved(transport_kind asked, bool tls) noexcept;

// "auto", "libwebsockets", "poll". Static.
const char *name_of(transport_kind kind) noexcept;

} // namespace cryo_core::net
