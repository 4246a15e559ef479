// Judges a peer by the bytes that it takes: one that is slow is not dead, and one that takes nothing is no
// peer, whatever it says. No clock: time and what the transport knows go in.
#pragma once

#include "base/clock.h"
#include "net/delivery.h"

namespace cryo_core {

class delivery_watch {
  public:
    // --- keep-alive ----------------------------------------------------------------------------------------

    // A ping leaves behind all that waits.
    void ping_leaves(const net::delivery &at, time_us now) noexcept;

    // The ping was not answered for an interval: whether that may be because it is still on its way. As long
    // as something is in front of it, that is so while the peer takes any of it. When all of that is with
    // the peer's system, the peer itself may still have it to read: it is given a few intervals more, if it
    // goes on taking.
    bool ping_under_way(const net::delivery &at, time_us now) noexcept;

    // --- standing still ------------------------------------------------------------------------------------

    enum class flow : std::uint8_t { nothing_waits, moves, stands_still };

    // To be asked several times within `timeout`, from the moment on when something was written.
    flow look(const net::delivery &at, bool more_waits, time_us now, time_us timeout) noexcept;
    // When next.
    static time_us next_look(time_us now, time_us timeout) noexcept {
        return timeout == 0 ? never : now + timeout / 8 + 1;
    }

  private:
    std::uint64_t in_front_ = 0; // what was to be taken before the ping
    std::uint64_t taken_ = 0;    // at the last ping
    time_us took_at_ = 0;        // when it was seen last that some was taken
    std::uint8_t patience_ = 0;  // intervals that are left
    bool waited_ = false;        // at the last ping, something did
    bool stood_ = false;         // in the looks below
    std::uint64_t stood_at_ = 0; // so much was taken
    time_us stands_since_ = 0;
};

} // namespace cryo_core
