// A listening socket on one loop, which deals the connections out to several in turn.
#pragma once

#include "base/status.h"
#include "base/timer_heap.h"
#include "net/loop.h"
#include "net/unix_socket.h"

#include <memory>
#include <string>
#include <vector>

namespace cryo_core::net {

struct listen_place {
    std::string host{}; // an address, a name, or "unix:/run/cryo.sock"
    std::uint16_t port = 0;
    std::uint32_t mode = 0; // of a Unix-domain socket's file; 0: the umask's
    // Others of the same user may listen at the port who say so as well, and the system deals connections out
    // among them.
    bool shared = false;
    std::int32_t fd = -1; // in the place of all that: a socket that listens already, which stays the caller's
};

class listener {
  public:
    // Binds and listens; a name is looked up, "::" takes IPv4 too, port 0 lets the system choose.
    // null: `why` has address, address_in_use, permission, unsupported or system, and what to do.
    static std::unique_ptr<listener> open(const listen_place &at, int backlog, failure &why);
    static std::unique_ptr<listener> open(const std::string &host, std::uint16_t port, int backlog,
                                          failure &why) {
        return open(listen_place{.host = host, .port = port}, backlog, why);
    }

    listener(const listener &) = delete;
    listener &operator=(const listener &) = delete;
    ~listener(); // as close()

    // Numeric; "unix:" and the path of a Unix-domain socket, which has port 0.
    std::string host() const { return path_.empty() ? bound_.host() : std::string(unix_prefix) + path_; }
    std::uint16_t port() const noexcept { return bound_.port(); }

    // Accepts from now on. On the thread of `on`, or before it runs. The system must have memory for it:
    // false if not.
    bool start(loop &on, std::vector<std::shared_ptr<loop>> targets);

    // On the thread of its loop, or when that does not run. Idempotent. The loop closes it itself when it
    // ends.
    void close() noexcept;

  private:
    class acceptor;

    listener() noexcept = default;
    void take_over(std::int32_t fd, failure &why);

    socket socket_;
    address bound_;
    std::string path_; // of a Unix-domain socket
    socket_file file_;
    acceptor *acceptor_ = nullptr; // owns itself once it accepts: libuv needs its memory beyond close()
};

} // namespace cryo_core::net
