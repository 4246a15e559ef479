// Whether and when a client connects again. It reads no clock and asks no dice: both are handed in.
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <string_view>

namespace cryo_core {

// How a connection ended, or why there was none.
struct loss {
    std::uint16_t code = 0;     // of the close, if there was one; 0: there was no WebSocket
    std::string_view reason{};  // of that close
    int http_status = 0;        // of the answer to the upgrade, if it was refused
    bool was_connected = false; // at some time before: then the server, its path and the token are right
    bool another_token = false; // a fresh one can be had, and that of the answer was the first to be refused
    bool may_hold_id = false;   // an attempt before may have reached the server without our hearing of it
};

// Whether it makes sense to come back: not after a refusal that says that the client is at fault, nor after
// a close that was meant to be the end.
bool worth_another_try(const loss &what) noexcept;

struct reconnect_policy {
    time_us initial;
    time_us max;
    std::uint32_t attempts; // failures in a row after which it is tried again
};

// Exponential back-off with full jitter. `failures` is 1 after the first one; `random` is any number.
time_us reconnect_delay(const reconnect_policy &policy, std::uint32_t failures,
                        std::uint64_t random) noexcept;

// The same after a refusal that asks to wait for `asked`: no sooner, and not all clients at once.
time_us reconnect_delay(const reconnect_policy &policy, std::uint32_t failures, time_us asked,
                        std::uint64_t random) noexcept;

// How long a connection has to hold to count as a success, after which the back-off begins anew: a server
// that lets clients in and drops them is not asked again every moment.
time_us time_to_hold(time_us last_delay) noexcept;

} // namespace cryo_core
