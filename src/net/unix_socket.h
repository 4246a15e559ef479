// Unix-domain sockets: places on this machine with a path instead of an address.
#pragma once

#include "base/status.h"
#include "net/socket.h"

#include <string>
#include <string_view>

namespace cryo_core::net {

// What such a place begins with: "unix:/run/cryo.sock", or "unix:@name", which is no file (Linux).
constexpr std::string_view unix_prefix = "unix:";
inline bool is_unix_place(std::string_view host) noexcept {
    return host.starts_with(unix_prefix);
}

// The file of a socket that listens, which is removed with this if it is the same one still.
class socket_file {
  public:
    socket_file() noexcept = default;
    socket_file(const socket_file &) = delete;
    socket_file &operator=(const socket_file &) = delete;
    ~socket_file() { remove(); }

    void take(const std::string &path);
    void remove() noexcept;

  private:
    std::string path_; // empty: none
    unsigned long long device_ = 0;
    unsigned long long number_ = 0;
};

// Binds and listens. A socket at which nobody listens any more is removed first; `mode`: 0 leaves it to the
// umask. Empty: `why` says why.
socket listen_at_path(const std::string &path, std::uint32_t mode, int backlog, socket_file &file,
                      failure &why);

// At once, or not at all. Empty: `error` is the system's.
socket connect_to_path(const std::string &path, int &error) noexcept;

// Of a socket that has one: "/run/cryo.sock", "@name".
std::string path_of(os_socket s);

} // namespace cryo_core::net
