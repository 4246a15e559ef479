// How a server empties itself: no new clients, and its sessions end by themselves or are closed, a few at a
// time, until none is left or the time is over.
#pragma once

#include "base/clock.h"
#include "session/session.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cryo_core {

constexpr std::string_view shutdown_reason = "Server shutdown.";

// With which words sessions are closed.
struct farewell {
    std::uint16_t code = cryo_close::graceful;
    std::string_view reason = shutdown_reason;
};

struct drain_order {
    time_us within = 0;
    // Every so often some sessions are closed, so that all are when the time is over. 0: none before that.
    time_us batch = 0;
    std::uint16_t code = cryo_close::graceful;
    std::string_view reason = shutdown_reason;
    // When clients may come back: told in the reason, and to those who are refused.
    std::uint32_t retry_ms = 0;
};

// The reason with the hint behind it that clients of this library understand, cut to what a close frame
// holds.
std::string reason_with_hint(std::string_view reason, std::uint32_t retry_ms);

// One for all loops of a server.
struct drain_plan {
    time_us began = 0;
    time_us until = 0;
    time_us batch = 0;
    std::uint16_t code = 0;
    std::string reason;
    std::function<void()> over; // no session is left, or the time is over; on any loop's thread, and again
    std::atomic<std::size_t> busy_services{0};
};

// How many of the sessions that there were at the beginning may be left at `now`, for the last one to be
// closed with the batch at `until`.
std::size_t sessions_to_keep(std::size_t at_begin, const drain_plan &plan, time_us now) noexcept;

} // namespace cryo_core
