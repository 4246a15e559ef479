#include "net/socket.h"

#include <algorithm>
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

bool readable([[maybe_unused]] int descriptor) noexcept {
#ifdef _WIN32
    return false;
#else
    pollfd asked{descriptor, POLLIN, 0};
    return descriptor >= 0 && ::poll(&asked, 1, 0) > 0;
#endif
}

} // namespace cryo_core::net
