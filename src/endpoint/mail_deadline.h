// How long what other threads have posted is still carried out when a server stops: what was sent before
// leaves before, but a backlog must not hold the end up.
#pragma once

#include "base/clock.h"

#include <atomic>

namespace cryo_core {

class mail_deadline {
  public:
    void set(time_us until) noexcept {
        until_.store(until, std::memory_order_relaxed);
        set_.store(true, std::memory_order_release);
    }
    // From then on what comes is dropped.
    bool over() const noexcept {
        return set_.load(std::memory_order_acquire) &&
               monotonic_now() >= until_.load(std::memory_order_relaxed);
    }

  private:
    std::atomic<bool> set_{false};
    std::atomic<time_us> until_{never};
};

} // namespace cryo_core
