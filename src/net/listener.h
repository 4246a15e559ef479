// A listening socket on one loop, which deals the connections out to several in turn.
#pragma once

#include "base/status.h"
#include "base/timer_heap.h"
#include "net/loop.h"

#include <memory>
#include <string>
#include <vector>

namespace cryo_core::net {

class listener {
  public:
    // Binds and listens; a name is looked up, "::" takes IPv4 too, port 0 lets the system choose.
    // With `shared` others of the same user may listen at the port who say so as well, and the system deals
    // connections out among them. null: `why` has address, address_in_use, permission, unsupported or system,
    // and what to do.
    static std::unique_ptr<listener> open(const std::string &host, std::uint16_t port, int backlog,
                                          failure &why, bool shared = false);

    listener(const listener &) = delete;
    listener &operator=(const listener &) = delete;
    ~listener(); // as close()

    std::string host() const { return bound_.host(); } // numeric
    std::uint16_t port() const noexcept { return bound_.port(); }

    // Accepts from now on. On the thread of `on`, or before it runs. The system must have memory for it:
    // false if not.
    bool start(loop &on, std::vector<std::shared_ptr<loop>> targets);

    // On the thread of its loop, or when that does not run. Idempotent. The loop closes it itself when it
    // ends.
    void close() noexcept;

  private:
    class acceptor;

    listener(socket s, const address &bound) noexcept : socket_(std::move(s)), bound_(bound) {}

    socket socket_;
    address bound_;
    acceptor *acceptor_ = nullptr; // owns itself once it accepts: libuv needs its memory beyond close()
};

} // namespace cryo_core::net
