#include "net/bind.h"

#include <cstring>

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <cerrno>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace cryo_core::net {

namespace {

#ifdef _WIN32
constexpr int in_use = WSAEADDRINUSE, not_here = WSAEADDRNOTAVAIL, denied = WSAEACCES,
              not_permitted = WSAEACCES;
#else
constexpr int in_use = EADDRINUSE, not_here = EADDRNOTAVAIL, denied = EACCES, not_permitted = EPERM;
#endif

// Of the port itself, in front of the colon and the host in brackets when that has colons.
std::string place(const std::string &host, std::uint16_t port) {
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

failure listen_failure(const std::string &host, std::uint16_t port, int error) {
    failure why{status::system, "cannot listen on " + place(host, port) + ": " + error_text(error)};
    if (error == in_use) {
        why.code = status::address_in_use;
        why.text += "; stop the other program, or use another port (0 lets the system choose)";
    } else if (error == denied || error == not_permitted) {
        why.code = status::permission;
        if (port < 1024) why.text += "; use a port above 1023 or run with CAP_NET_BIND_SERVICE";
    } else if (error == not_here) {
        why.code = status::address;
        why.text += "; use an address of this machine, or 0.0.0.0 or :: for all of them";
    }
    return why;
}

void set_flag(os_socket s, int level, int name, int value) noexcept {
    ::setsockopt(s, level, name, reinterpret_cast<const char *>(&value), sizeof value);
}

socket new_socket(int family) noexcept {
#if defined(SOCK_CLOEXEC) && defined(SOCK_NONBLOCK)
    return socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
#else
    socket s(static_cast<os_socket>(::socket(family, SOCK_STREAM, 0)));
    if (s && !prepare_socket(s.get())) s.reset();
    return s;
#endif
}

// Returns the error, 0 for none.
int listen_at(const addrinfo &at, int backlog, bool shared, socket &made, address &bound) noexcept {
    socket s = new_socket(at.ai_family);
    if (!s) return socket_error();
#ifndef _WIN32 // where it means that others may take the port over
    set_flag(s.get(), SOL_SOCKET, SO_REUSEADDR, 1);
#endif
#ifdef SO_REUSEPORT
    if (shared) set_flag(s.get(), SOL_SOCKET, SO_REUSEPORT, 1);
#endif
    if (at.ai_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, at.ai_addr, sizeof v6);
        const bool every = std::memcmp(&v6.sin6_addr, &in6addr_any, sizeof v6.sin6_addr) == 0;
        set_flag(s.get(), IPPROTO_IPV6, IPV6_V6ONLY, every ? 0 : 1);
    }
    if (::bind(s.get(), at.ai_addr, static_cast<socklen_t>(at.ai_addrlen)) != 0) return socket_error();
    if (::listen(s.get(), backlog) != 0) return socket_error();
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    if (::getsockname(s.get(), reinterpret_cast<sockaddr *>(&name), &size) != 0) return socket_error();
    bound = address(reinterpret_cast<const sockaddr *>(&name));
    made = std::move(s);
    return 0;
}

} // namespace

socket bind_and_listen(const std::string &host, std::uint16_t port, int backlog, bool shared, address &bound,
                       failure &why) {
    socket made;
#ifndef SO_REUSEPORT
    if (shared) {
        why = {status::unsupported, "this system lets no two processes listen at one port"};
        return made;
    }
#endif
    if (host.empty() || host.find('\0') != std::string::npos) {
        why = {status::address,
               "cannot listen: the host is empty; use 127.0.0.1, or 0.0.0.0 or :: for all addresses"};
        return made;
    }
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo *found = nullptr;
    if (const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found)) {
        why = {status::address, "cannot listen on " + place(host, port) + ": " + gai_strerror(error)};
        return made;
    }
    int first_error = 0;
    for (const addrinfo *at = found; at != nullptr && !made; at = at->ai_next) {
        const int error = listen_at(*at, backlog, shared, made, bound);
        if (first_error == 0) first_error = error;
    }
    ::freeaddrinfo(found);
    if (!made) why = listen_failure(host, port, first_error);
    return made;
}

socket duplicate_of_listening(std::int32_t fd, address &bound, failure &why) {
#ifdef _WIN32
    static_cast<void>(bound);
    why = {status::unsupported, "cannot listen on descriptor " + std::to_string(fd) + " here"};
    return {};
#else
    const auto asked = [fd](int name) {
        int value = 0;
        socklen_t size = sizeof value;
        return ::getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
    };
    if (asked(SO_TYPE) != SOCK_STREAM || asked(SO_ACCEPTCONN) <= 0) {
        why = {status::address,
               "cannot listen on descriptor " + std::to_string(fd) + ": it is no stream socket that listens"};
        return {};
    }
    socket made(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    if (!made || !prepare_socket(made.get()) ||
        ::getsockname(made.get(), reinterpret_cast<sockaddr *>(&name), &size) != 0) {
        why = {status::system,
               "cannot listen on descriptor " + std::to_string(fd) + ": " + error_text(socket_error())};
        return {};
    }
    bound = address(reinterpret_cast<const sockaddr *>(&name));
    return made;
#endif
}

accept_outcome accept_one(os_socket from, socket &accepted, address &peer) noexcept {
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    auto *const at = reinterpret_cast<sockaddr *>(&name);
#if defined(__linux__) || defined(__FreeBSD__) || defined(__NetBSD__) || defined(__OpenBSD__)
    accepted = socket(::accept4(from, at, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
#else
    accepted = socket(static_cast<os_socket>(::accept(from, at, &size)));
    if (accepted && !prepare_socket(accepted.get())) {
        accepted.reset();
        return accept_outcome::try_next;
    }
#endif
    if (accepted) {
        peer = address(at);
        return accept_outcome::accepted;
    }
    const int error = socket_error();
#ifdef _WIN32
    if (error == WSAEWOULDBLOCK) return accept_outcome::nothing_waits;
    if (error == WSAEMFILE || error == WSAENOBUFS) return accept_outcome::exhausted;
    return error == WSAENOTSOCK || error == WSAEINVAL ? accept_outcome::broken : accept_outcome::try_next;
#else
    switch (error) {
    case EAGAIN:
#if EAGAIN != EWOULDBLOCK
    case EWOULDBLOCK:
#endif
        return accept_outcome::nothing_waits;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        return accept_outcome::exhausted;
    case EBADF:
    case EINVAL:
    case ENOTSOCK:
    case EFAULT:
        return accept_outcome::broken;
    default: // of that one connection (accept(2) names many), or interrupted
        return accept_outcome::try_next;
    }
#endif
}

address peer_of(os_socket s) noexcept {
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    auto *const at = reinterpret_cast<sockaddr *>(&name);
    return ::getpeername(s, at, &size) == 0 ? address(at) : address();
}

socket open_spare() noexcept {
#ifdef _WIN32
    return socket(); // descriptors are not what runs out there
#else
    return socket(::open("/dev/null", O_RDONLY | O_CLOEXEC));
#endif
}

} // namespace cryo_core::net
