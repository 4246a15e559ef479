// Listening sockets, and failures in words that help.
#pragma once

#include "base/status.h"
#include "net/address.h"
#include "net/socket.h"

#include <string>

namespace cryo_core::net {

// Empty: `why` says why.
socket bind_and_listen(const std::string &host, std::uint16_t port, int backlog, bool shared, address &bound,
                       failure &why);

// Another descriptor for a stream socket that listens. Empty: `why` says why; it is none, for example.
socket duplicate_of_listening(std::int32_t fd, address &bound, failure &why);

enum class accept_outcome { accepted, nothing_waits, try_next, exhausted, broken };

// Takes one waiting connection: not blocking, not inherited.
accept_outcome accept_one(os_socket from, socket &accepted, address &peer) noexcept;

// The address at the other end of a connection.
address peer_of(os_socket s) noexcept;

// A descriptor that stands for nothing, kept to be given up when there are no others.
socket open_spare() noexcept;

} // namespace cryo_core::net
