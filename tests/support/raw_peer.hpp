// A peer on a plain blocking socket, for tests that want to say exactly what goes over the wire and when.
#pragma once

#include <algorithm>
#include <arpa/inet.h>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace cryo_test {

class raw_peer {
  public:
    raw_peer() = default;
    // `receive_buffer`: 0 leaves it to the system.
    explicit raw_peer(std::uint16_t port, int receive_buffer = 0) { connect(port, receive_buffer); }
    static raw_peer of(int fd) {
        raw_peer peer;
        peer.fd_ = fd;
        return peer;
    }
    raw_peer(const raw_peer &) = delete;
    raw_peer &operator=(const raw_peer &) = delete;
    raw_peer(raw_peer &&other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    raw_peer &operator=(raw_peer &&other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~raw_peer() { close(); }

    bool connect(std::uint16_t port, int receive_buffer = 0) {
        fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (receive_buffer > 0)
            ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(port);
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(fd_, reinterpret_cast<const sockaddr *>(&at), sizeof at) == 0) return true;
        close();
        return false;
    }

    // Does not wait for the other side to take it.
    void start_connecting(std::uint16_t port) {
        fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(port);
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        static_cast<void>(::connect(fd_, reinterpret_cast<const sockaddr *>(&at), sizeof at));
    }

    bool connected() const { return fd_ >= 0; }
    int fd() const { return fd_; }

    std::string local_address() const {
        sockaddr_in at{};
        socklen_t size = sizeof at;
        ::getsockname(fd_, reinterpret_cast<sockaddr *>(&at), &size);
        return "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
    }

    bool send(std::string_view data) {
        while (!data.empty()) {
            const ssize_t n = ::send(fd_, data.data(), data.size(), MSG_NOSIGNAL);
            if (n <= 0) return false;
            data.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }

    // What the system takes now.
    std::size_t send_some(std::string_view data) {
        const ssize_t n = ::send(fd_, data.data(), data.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        return n > 0 ? static_cast<std::size_t>(n) : 0;
    }

    bool readable(int timeout_ms) const {
        pollfd p{fd_, POLLIN, 0};
        return ::poll(&p, 1, timeout_ms) == 1;
    }

    // At least one byte, or empty: the end, an error, or nothing for ten seconds.
    std::string receive_some(std::size_t most = 65536) {
        if (!readable(10'000)) return {};
        std::string data(most, '\0');
        const ssize_t n = ::recv(fd_, data.data(), data.size(), 0);
        data.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
        last_ = n;
        return data;
    }

    std::string receive(std::size_t size) {
        std::string data;
        while (data.size() < size) {
            const std::string more = receive_some(std::min<std::size_t>(size - data.size(), 65536));
            if (more.empty()) break;
            data += more;
        }
        return data;
    }

    std::string receive_all() {
        std::string data;
        for (std::string more; !(more = receive_some()).empty();)
            data += more;
        return data;
    }

    // Whether the last receive met the orderly end of the stream, not a reset and not a time-out.
    bool at_end() const { return last_ == 0; }

    void finish_sending() { ::shutdown(fd_, SHUT_WR); }

    void reset() {
        linger now{1, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close();
    }

    void close() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

  private:
    int fd_ = -1;
    ssize_t last_ = 1;
};

// The other side of it: a listening socket of the loopback interface.
class raw_listener {
  public:
    explicit raw_listener(int family = AF_INET, int backlog = 16) {
        fd_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_addr = in6addr_loopback;
        const auto *at = family == AF_INET ? reinterpret_cast<const sockaddr *>(&v4)
                                           : reinterpret_cast<const sockaddr *>(&v6);
        if (::bind(fd_, at, family == AF_INET ? sizeof v4 : sizeof v6) != 0 || ::listen(fd_, backlog) != 0)
            close();
    }
    raw_listener(const raw_listener &) = delete;
    raw_listener &operator=(const raw_listener &) = delete;
    ~raw_listener() { close(); }

    std::uint16_t port() const {
        sockaddr_in6 at{};
        socklen_t size = sizeof at;
        ::getsockname(fd_, reinterpret_cast<sockaddr *>(&at), &size);
        return ntohs(at.sin6_port); // where the port of an IPv4 address is, too
    }

    raw_peer accept() const {
        pollfd p{fd_, POLLIN, 0};
        if (::poll(&p, 1, 10'000) != 1) return {};
        return raw_peer::of(::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC));
    }

    void close() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

  private:
    int fd_ = -1;
};

} // namespace cryo_test
