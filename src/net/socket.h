// What the systems do differently about sockets.
#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <optional>
#include <string>

namespace cryo_core::net {

#ifdef _WIN32
using os_socket = std::uintptr_t;
constexpr os_socket no_socket = ~os_socket{0};
#else
using os_socket = int;
constexpr os_socket no_socket = -1;
#endif

// A socket that closes itself.
class socket {
  public:
    socket() noexcept = default;
    explicit socket(os_socket s) noexcept : socket_(s) {}
    socket(socket &&other) noexcept : socket_(other.release()) {}
    socket &operator=(socket &&other) noexcept {
        if (this != &other) {
            reset();
            socket_ = other.release();
        }
        return *this;
    }
    ~socket() { reset(); }

    os_socket get() const noexcept { return socket_; }
    explicit operator bool() const noexcept { return socket_ != no_socket; }
    os_socket release() noexcept {
        const os_socket s = socket_;
        socket_ = no_socket;
        return s;
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

void set_no_delay(os_socket s) noexcept;

// How long sent data may stay unacknowledged before the connection is dropped; does nothing where the system
// has no such option.
void set_user_timeout(os_socket s, std::uint32_t ms) noexcept;

// Closing drops what is not sent, instead of leaving it to the system for minutes.
void set_reset_on_close(os_socket s) noexcept;

void shut_down_sending(os_socket s) noexcept;

// Whether there is something to be read from a descriptor; false where the system cannot say.
bool readable(int descriptor) noexcept;

} // namespace cryo_core::net
