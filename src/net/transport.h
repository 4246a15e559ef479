// What carries the bytes of a server's connections, on one loop. There are several of these, chosen when the
// loop is made; links, and all that is above them, do not know which one it is:
//
//   transport_libwebsockets   every system
//   transport_epoll           sockets in an epoll of their own, which libuv watches (Linux)
//   transport_each            sockets with a handle of libuv's each (where there is no epoll)
//
// Plain sockets are written to, and asked, by the link itself, whichever it is; so are those with TLS, but
// libwebsockets' (net/tls_link.h). Only src/net includes this.
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "net/socket.h"
#include "net/transport_kind.h"

#include <memory>
#include <optional>

namespace cryo_core::net {

class link;
class loop_core;
struct loop_options;
struct peer_certificate;

// All of it on the thread of the loop, or before and after that runs.
class transport {
  public:
    // On the libuv loop of `core`. null: `why` says why.
    static std::unique_ptr<transport> make(loop_core &core, const loop_options &options, failure &why);

    virtual ~transport() = default;
    transport(const transport &) = delete;
    transport &operator=(const transport &) = delete;

    // Whether it can be given this one.
    virtual bool has_place_for(os_socket) const noexcept { return true; }

    // Gives the link its socket, and tells it what comes from now on (link_events). false: it has none, and
    // the socket is closed.
    virtual bool adopt(link &fresh, socket accepted) noexcept = 0;

    // can_write() is to come, once, when the socket takes more.
    virtual void await_room(link &choked) noexcept = 0;
    // Whether what the peer sends is to be read; at first it is.
    virtual void set_reading(link &of, bool wanted) noexcept = 0;
    // Takes the socket from the link, and closes it at once.
    virtual void close(link &ending) noexcept = 0;

    // --- TLS, where it is the transport's: libwebsockets
    virtual bool has_room(link &) noexcept { return true; }
    // false: it is broken. All is taken; `held`: not by the system yet, and nothing must be read meanwhile.
    virtual bool write(link &, bytes_view, bool & /*held*/) noexcept { return false; }
    virtual void say_end(link &) noexcept {}
    virtual bool in_handshake(const link &) const noexcept { return false; }
    // null: the peer has shown none. Throws std::bad_alloc.
    virtual std::unique_ptr<const peer_certificate> certificate_of(const link &) const;

    // --- of the loop
    virtual void before_wait() noexcept {}
    // What it holds is closed in the child of a fork, or (off) is not any more: see net/descriptors.h.
    virtual void hold_descriptors(bool on) noexcept = 0;
    // No link is left: what it has on the loop goes. The loop runs dry behind that, and then it is destroyed.
    // false: the loop must not run, and is left as it is.
    virtual bool leave_loop() noexcept = 0;

  protected:
    transport() noexcept = default;
};

} // namespace cryo_core::net
