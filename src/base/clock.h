// Time as the library keeps it: microseconds on a clock that never goes back.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

namespace cryo_core {

using time_us = std::int64_t;

constexpr time_us never = std::numeric_limits<time_us>::max();
constexpr time_us from_ms(std::int64_t ms) noexcept {
    return ms * 1000;
}

inline time_us monotonic_now() noexcept {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace cryo_core
