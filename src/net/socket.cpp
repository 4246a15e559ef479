#include "net/socket.h"

#include "net/descriptors.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <system_error>

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace cryo_core::net {

#ifdef _WIN32
socket::socket(os_socket fresh) noexcept : socket_(fresh) {}

os_socket socket::release() noexcept {
    return std::exchange(socket_, no_socket);
}
#else
socket::socket(os_socket fresh) noexcept : socket_(above_standard(fresh)) {
    hold_descriptor(socket_);
}

os_socket socket::release() noexcept {
    give_up_descriptor(socket_);
    return std::exchange(socket_, no_socket);
}
#endif

void socket::reset() noexcept {
    const os_socket s = release();
    if (s == no_socket) return;
#ifdef _WIN32
    closesocket(s);
#else
    ::close(s);
#endif
}

int socket_error() noexcept {
#ifdef _WIN32
    return WSAGetLastError();
#else
    return errno;
#endif
}

std::string error_text(int error) {
    std::string text = std::system_category().message(error);
    // The systems begin with a capital; these words stand in the middle of a sentence.
    if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' && text[1] <= 'z')
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return text;
}

bool prepare_socket(os_socket s) noexcept {
#ifdef _WIN32
    u_long on = 1;
    return ioctlsocket(s, FIONBIO, &on) == 0;
#else
    const int flags = ::fcntl(s, F_GETFL);
    return flags >= 0 && ::fcntl(s, F_SETFL, flags | O_NONBLOCK) == 0 && ::fcntl(s, F_SETFD, FD_CLOEXEC) == 0;
#endif
}

#ifdef _WIN32

std::optional<std::size_t> send_some(os_socket s, bytes_view data) noexcept {
    return send_some(s, std::span(&data, 1));
}

std::optional<std::size_t> send_some(os_socket s, std::span<const bytes_view> pieces) noexcept {
    WSABUF buffers[max_pieces];
    const std::size_t count = std::min(pieces.size(), max_pieces);
    for (std::size_t i = 0; i < count; ++i)
        buffers[i] = {
            static_cast<ULONG>(std::min<std::size_t>(pieces[i].size(), std::numeric_limits<int>::max())),
            reinterpret_cast<char *>(const_cast<std::uint8_t *>(pieces[i].data()))};
    DWORD sent = 0;
    if (WSASend(s, buffers, static_cast<DWORD>(count), &sent, 0, nullptr, nullptr) == 0) return sent;
    return WSAGetLastError() == WSAEWOULDBLOCK ? std::optional<std::size_t>(0) : std::nullopt;
}

#else

namespace {

#ifdef MSG_NOSIGNAL
constexpr int send_flags = MSG_NOSIGNAL;
#else
constexpr int send_flags = 0; // SIGPIPE is ignored
#endif

template <typename Call>
std::optional<std::size_t> sent_by(Call call) noexcept {
    ssize_t sent = 0;
    do
        sent = call();
    while (sent < 0 && errno == EINTR);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    return errno == EAGAIN ? std::optional<std::size_t>(0) : std::nullopt;
}

} // namespace

std::optional<std::size_t> send_some(os_socket s, bytes_view data) noexcept {
    return sent_by([&] { return ::send(s, data.data(), data.size(), send_flags); });
}

std::optional<std::size_t> send_some(os_socket s, std::span<const bytes_view> pieces) noexcept {
    iovec parts[max_pieces];
    const std::size_t count = std::min(pieces.size(), max_pieces);
    for (std::size_t i = 0; i < count; ++i) // nothing is written to them
        parts[i] = {const_cast<std::uint8_t *>(pieces[i].data()), pieces[i].size()};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = static_cast<decltype(message.msg_iovlen)>(count);
    return sent_by([&] { return ::sendmsg(s, &message, send_flags); });
}

#endif

#ifdef _WIN32

namespace {

received receive_with(os_socket s, bytes_mut into, int flags) noexcept {
    const int got =
        ::recv(s, reinterpret_cast<char *>(into.data()),
               static_cast<int>(std::min<std::size_t>(into.size(), std::numeric_limits<int>::max())), flags);
    if (got > 0) return {static_cast<std::size_t>(got)};
    if (got == 0) return {.end = true};
    const int error = WSAGetLastError();
    return {.error = error == WSAEWOULDBLOCK ? 0 : error};
}

} // namespace

socket open_stream(bool v6) noexcept {
    socket made(::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM, IPPROTO_TCP));
    if (made && !prepare_socket(made.get())) made.reset();
    return made;
}

#else

namespace {

received receive_with(os_socket s, bytes_mut into, int flags) noexcept {
    ssize_t got = 0;
    do
        got = ::recv(s, into.data(), into.size(), flags);
    while (got < 0 && errno == EINTR);
    if (got > 0) return {static_cast<std::size_t>(got)};
    if (got == 0) return {.end = true};
    return {.error = errno == EAGAIN ? 0 : errno};
}

} // namespace

socket open_stream(bool v6) noexcept {
#ifdef SOCK_CLOEXEC
    return socket(::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
#else
    socket made(::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM, IPPROTO_TCP));
    if (made && !prepare_socket(made.get())) made.reset();
#ifdef SO_NOSIGPIPE // instead of MSG_NOSIGNAL
    const int on = 1;
    if (made) ::setsockopt(made.get(), SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    return made;
#endif
}

#endif

received receive_some(os_socket s, bytes_mut into) noexcept {
    return receive_with(s, into, 0);
}

received look_at_some(os_socket s, bytes_mut into) noexcept {
    return receive_with(s, into, MSG_PEEK);
}

int begin_connect(os_socket s, const sockaddr_storage &to, bool v6) noexcept {
    const auto size = static_cast<socklen_t>(v6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in));
    if (::connect(s, reinterpret_cast<const sockaddr *>(&to), size) == 0) return 0;
    const int error = socket_error();
#ifdef _WIN32
    return error == WSAEWOULDBLOCK ? still_connecting : error;
#else
    return error == EINPROGRESS || error == EINTR ? still_connecting : error;
#endif
}

int end_connect(os_socket s) noexcept {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(s, SOL_SOCKET, SO_ERROR, reinterpret_cast<char *>(&error), &size) != 0)
        return socket_error();
    return error;
}

bool is_connected_to_itself(os_socket s) noexcept {
    sockaddr_storage own{}, other{};
    socklen_t own_size = sizeof own, other_size = sizeof other;
    return ::getsockname(s, reinterpret_cast<sockaddr *>(&own), &own_size) == 0 &&
           ::getpeername(s, reinterpret_cast<sockaddr *>(&other), &other_size) == 0 &&
           own_size == other_size && std::memcmp(&own, &other, own_size) == 0;
}

namespace {

template <typename T>
void set_option(os_socket s, int level, int name, const T &value) noexcept {
    ::setsockopt(s, level, name, reinterpret_cast<const char *>(&value), sizeof value);
}

} // namespace

void set_no_delay(os_socket s) noexcept {
    set_option(s, IPPROTO_TCP, TCP_NODELAY, int{1});
}

void set_user_timeout([[maybe_unused]] os_socket s, [[maybe_unused]] std::uint32_t ms) noexcept {
#ifdef TCP_USER_TIMEOUT
    set_option(s, IPPROTO_TCP, TCP_USER_TIMEOUT, ms);
#endif
}

void set_reset_on_close(os_socket s) noexcept {
    linger now{};
    now.l_onoff = 1;
    set_option(s, SOL_SOCKET, SO_LINGER, now);
}

void shut_down_sending(os_socket s) noexcept {
#ifdef _WIN32
    ::shutdown(s, SD_SEND);
#else
    ::shutdown(s, SHUT_WR);
#endif
}

namespace {

// What a read would give: its bytes (one of them here), 0 at the peer's end, or less.
int look_ahead(os_socket s) noexcept {
    char byte = 0;
    return static_cast<int>(::recv(s, &byte, 1, MSG_PEEK)); // the socket does not block
}

} // namespace

bool peer_has_left(os_socket s) noexcept {
#ifdef POLLRDHUP
    pollfd about{.fd = s, .events = POLLRDHUP, .revents = 0};
    return ::poll(&about, 1, 0) > 0;
#else
    return look_ahead(s) == 0;
#endif
}

bool has_unread(os_socket s) noexcept {
    return look_ahead(s) > 0;
}

bool readable([[maybe_unused]] int descriptor) noexcept {
#ifdef _WIN32
    return false;
#else
    pollfd asked{descriptor, POLLIN, 0};
    return descriptor >= 0 && ::poll(&asked, 1, 0) > 0;
#endif
}

void wait_readable([[maybe_unused]] int descriptor, [[maybe_unused]] int timeout_ms) noexcept {
#ifndef _WIN32
    pollfd asked{descriptor, POLLIN, 0};
    static_cast<void>(::poll(&asked, 1, timeout_ms));
#endif
}

} // namespace cryo_core::net
