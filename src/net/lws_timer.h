// libwebsockets rounds the time that its libuv timer is to wait to the nearest millisecond, and libuv counts
// from the millisecond that has begun. So the timer may fire up to 1.5 ms early; where less than half a
// millisecond is left then, libwebsockets arms it for 0 ms, again and again until the time has come: the loop
// spins meanwhile.
#pragma once

#include <cstdint>
#include <uv.h>

namespace cryo_core::net {

class lws_timer {
  public:
    // The timer of a context that was just made on this loop, if it has one; `own` and `other` are timers
    // that are not its.
    void find(uv_loop_t &of, const uv_timer_t &own, const uv_timer_t &other) noexcept;
    void forget() noexcept { timer_ = nullptr; }

    // Before the loop waits: what was armed since the last call is put off until its time has surely come.
    void delay() noexcept;

  private:
    uv_timer_t *timer_ = nullptr;
    std::uint64_t delayed_until_ = 0;
};

} // namespace cryo_core::net
