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

namespace {

// Nothing: it is no TCP socket, or the system is older than the field behind the one that is asked for.
std::optional<tcp_info> tcp_info_of(os_socket s, std::size_t up_to) noexcept {
    tcp_info told{};
    socklen_t size = sizeof told;
    if (::getsockopt(s, IPPROTO_TCP, TCP_INFO, &told, &size) != 0 || size < up_to) return std::nullopt;
    return told;
}

} // namespace

std::optional<delivery> delivery_of(os_socket s) noexcept {
    const auto told = tcp_info_of(s, offsetof(tcp_info, tcpi_bytes_received));
    int waiting = 0;
    if (!told || ::ioctl(s, SIOCOUTQ, &waiting) != 0) return std::nullopt;
    return delivery{told->tcpi_bytes_acked, static_cast<std::uint64_t>(waiting)};
}

std::optional<std::uint64_t> received_by(os_socket s) noexcept {
    const auto told = tcp_info_of(s, offsetof(tcp_info, tcpi_segs_out));
    if (!told) return std::nullopt;
    return told->tcpi_bytes_received;
}

#else

std::optional<delivery> delivery_of(os_socket) noexcept {
    return std::nullopt;
}

std::optional<std::uint64_t> received_by(os_socket) noexcept {
    return std::nullopt;
}

#endif

} // namespace cryo_core::net
