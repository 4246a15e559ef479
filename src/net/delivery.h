// What has become of the bytes that a connection was given, and how many have come.
#pragma once

#include "net/socket.h"

#include <cstdint>
#include <optional>

namespace cryo_core::net {

// In bytes on the wire, since the beginning. Where the system does not tell, what it has taken from us counts
// as taken.
struct delivery {
    std::uint64_t taken = 0;   // the peer's system has them
    std::uint64_t waiting = 0; // on their way, or in the connection's own buffers and the system's
};

// Nothing: the system does not tell.
std::optional<delivery> delivery_of(os_socket s) noexcept;

// How many bytes have come from the peer's system, read or not; its end may count as one. Nothing: the system
// does not tell.
std::optional<std::uint64_t> received_by(os_socket s) noexcept;

} // namespace cryo_core::net
