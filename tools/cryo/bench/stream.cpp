#include "bench/stream.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>

namespace cryo_tool {

void bench_target::free_addresses::operator()(addrinfo *list) const noexcept {
    freeaddrinfo(list);
}

bench_target::bench_target(const std::string &host, std::uint16_t port) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo *found = nullptr;
    const int result = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
    if (result != 0) throw std::runtime_error(host + ": " + gai_strerror(result));
    addresses_.reset(found);
    chosen_ = found;
    for (const addrinfo *each = found; found->ai_next != nullptr && each != nullptr; each = each->ai_next) {
        const int fd = ::socket(each->ai_family, SOCK_STREAM, 0);
        const bool fits = fd >= 0 && ::connect(fd, each->ai_addr, each->ai_addrlen) == 0;
        if (fd >= 0) ::close(fd);
        if (!fits) continue;
        chosen_ = each;
        break;
    }
}

int bench_target::connect() const noexcept {
    const int fd = ::socket(chosen_->ai_family, SOCK_STREAM, 0);
    if (fd < 0) return -errno;
    const int on = 1;
    static_cast<void>(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
    static_cast<void>(fcntl(fd, F_SETFD, FD_CLOEXEC));
    const int flags = fcntl(fd, F_GETFL);
    const bool going = flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
                       (::connect(fd, chosen_->ai_addr, chosen_->ai_addrlen) == 0 || errno == EINPROGRESS);
    if (going) return fd;
    const int error = errno;
    ::close(fd);
    return -error;
}

bench_stream::bench_stream(int fd, const bench_tls *tls) : fd_(fd) {
    if (tls != nullptr) ssl_ = tls->make(fd);
}

bench_stream::~bench_stream() {
    if (ssl_ != nullptr) end_tls();
    ::close(fd_);
}

int bench_stream::connect_error() const noexcept {
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

std::ptrdiff_t bench_stream::read(std::span<std::uint8_t> into) noexcept {
    if (ssl_ != nullptr) return read_tls(into);
    const ssize_t got = recv(fd_, into.data(), into.size(), 0);
    if (got >= 0) return got;
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return later;
    error_ = errno;
    return broken;
}

std::ptrdiff_t bench_stream::write(std::span<const std::uint8_t> from) noexcept {
    if (ssl_ != nullptr) return write_tls(from);
    const ssize_t sent = send(fd_, from.data(), from.size(), MSG_NOSIGNAL);
    if (sent >= 0) return sent;
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return later;
    error_ = errno;
    return broken;
}

std::string bench_stream::why() const {
    if (!tls_error_.empty()) return tls_error_;
    return error_ == 0 ? "the server has ended the connection" : std::strerror(error_);
}

} // namespace cryo_tool
