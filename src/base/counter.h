// Numbers that one thread writes and any thread reads: no lock, no locked instruction.
#pragma once

#include "base/clock.h"

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace cryo_core {

template <typename T>
class counter {
  public:
    T load() const noexcept { return value_.load(std::memory_order_relaxed); }
    void store(T value) noexcept { value_.store(value, std::memory_order_relaxed); }
    void add(T n) noexcept { store(load() + n); }
    void subtract(T n) noexcept { store(load() - n); }

  private:
    std::atomic<T> value_{};
};

// The largest value of late: of the window at hand and of the one before. A reader that asks once in a window
// misses none.
class recent_peak {
  public:
    static constexpr std::int64_t window_ms = 30'000;

    void note(std::uint64_t value, std::int64_t now_ms) noexcept {
        if (now_ms >= end_ms_.load()) begin_window(now_ms);
        if (value > current_.load()) current_.store(value);
    }
    std::uint64_t at(std::int64_t now_ms) const noexcept {
        const std::int64_t over = now_ms - end_ms_.load();
        if (over >= window_ms) return 0;
        return over >= 0 ? current_.load() : std::max(current_.load(), former_.load());
    }

  private:
    void begin_window(std::int64_t now_ms) noexcept {
        former_.store(now_ms - end_ms_.load() < window_ms ? current_.load() : 0);
        current_.store(0);
        end_ms_.store(now_ms + window_ms);
    }

    counter<std::uint64_t> current_;
    counter<std::uint64_t> former_;
    counter<std::int64_t> end_ms_;
};

} // namespace cryo_core
