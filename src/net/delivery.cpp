#include "net/delivery.h"

// The C library's <netinet/tcp.h> has less than the system tells, and cannot be had beside this one.
#ifdef __linux__
#include <cstddef>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#endif

namespace cryo_core::net {

#ifdef __linux__

std::optional<delivery> delivery_of(os_socket s) noexcept {
    tcp_info told{};
    socklen_t size = sizeof told;
    int waiting = 0;
    if (::getsockopt(s, IPPROTO_TCP, TCP_INFO, &told, &size) != 0) return std::nullopt;
    if (size < offsetof(tcp_info, tcpi_bytes_acked) + sizeof told.tcpi_bytes_acked) return std::nullopt;
    if (::ioctl(s, SIOCOUTQ, &waiting) != 0) return std::nullopt;
    return delivery{told.tcpi_bytes_acked, static_cast<std::uint64_t>(waiting)};
}

#else

std::optional<delivery> delivery_of(os_socket) noexcept {
    return std::nullopt;
}

#endif

} // namespace cryo_core::net
