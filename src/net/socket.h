// What the systems do differently about sockets.
#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

struct sockaddr_storage;

namespace cryo_core::net {

#ifdef _WIN32
using os_socket = std::uintptr_t;
constexpr os_socket no_socket = ~os_socket{0};
#else
using os_socket = int;
constexpr os_socket no_socket = -1;
#endif

// A socket that closes itself, also in the child of a fork, and is none of the standard descriptors.
class socket {
  public:
    socket() noexcept = default;
    explicit socket(os_socket fresh) noexcept; // errno is its maker's, or says that it has no other number
    socket(socket &&other) noexcept : socket_(std::exchange(other.socket_, no_socket)) {}
    socket &operator=(socket &&other) noexcept {
        if (this != &other) {
            reset();
            socket_ = std::exchange(other.socket_, no_socket);
        }
        return *this;
    }
    ~socket() { reset(); }

    os_socket get() const noexcept { return socket_; }
    explicit operator bool() const noexcept { return socket_ != no_socket; }
    os_socket release() noexcept; // to whoever closes it from now on
    // The same to one of ours, who gives it back to be closed: meanwhile it is closed in the child of a fork,
    // too.
    os_socket pass_on() noexcept { return std::exchange(socket_, no_socket); }
    static socket taken_over(os_socket passed_on) noexcept {
        socket made;
        made.socket_ = passed_on;
        return made;
    }
    void reset() noexcept;

  private:
    os_socket socket_ = no_socket;
};

int socket_error() noexcept; // errno, or what Windows has for it
std::string error_text(int error);

// Not blocking, and not inherited by child processes.
bool prepare_socket(os_socket s) noexcept;

// How many of the bytes the system takes now, perhaps none; nothing: the connection is broken.
std::optional<std::size_t> send_some(os_socket s, bytes_view data) noexcept;
// The same of several pieces, one behind the other, in one call of the system.
constexpr std::size_t max_pieces = 64;
std::optional<std::size_t> send_some(os_socket s, std::span<const bytes_view> pieces) noexcept;

// What has come, as much as there is room for.
struct received {
    std::size_t size = 0; // 0: nothing is there now, or see below
    bool end = false;     // the peer sends no more
    int error = 0;        // the connection is broken
};
received receive_some(os_socket s, bytes_mut into) noexcept;
// The same, and it stays to be received.
received look_at_some(os_socket s, bytes_mut into) noexcept;

// A TCP socket that is prepared; empty: socket_error() says why.
socket open_stream(bool v6) noexcept;

// 0: it is connected; still_connecting; or why it cannot be.
constexpr int still_connecting = -1;
int begin_connect(os_socket s, const sockaddr_storage &to, bool v6) noexcept;
// How that went on, when the socket has become writable.
int end_connect(os_socket s) noexcept;
// A port that nobody listens at may be given to the very socket that connects to it.
bool is_connected_to_itself(os_socket s) noexcept;

void set_no_delay(os_socket s) noexcept;

// How long sent data may stay unacknowledged before the connection is dropped; does nothing where the system
// has no such option.
void set_user_timeout(os_socket s, std::uint32_t ms) noexcept;

// Closing drops what is not sent, instead of leaving it to the system for minutes.
void set_reset_on_close(os_socket s) noexcept;

void shut_down_sending(os_socket s) noexcept;

// The peer has ended its side, or the connection is broken. Where the system cannot tell without reading,
// only when nothing lies unread before that.
bool peer_has_left(os_socket s) noexcept;

// Bytes lie in the system's buffer.
bool has_unread(os_socket s) noexcept;
// Whether there is something to be read from a descriptor; false where the system cannot say.
bool readable(int descriptor) noexcept;
// Until there is, for so long at most (-1: for ever), or a signal handler has run.
void wait_readable(int descriptor, int timeout_ms) noexcept;

} // namespace cryo_core::net
