// Which data frames the peer has yet to acknowledge, and since when.
#pragma once

#include "base/clock.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace cryo_core {

// Numbers are added in the order in which frames leave, so they ascend (modulo 2^32) and so do their times: a
// ring that is popped from the front. It allots nothing until the first frame and doubles up to
// max_tracked_acks.
class ack_tracker {
  public:
    explicit ack_tracker(time_us timeout) noexcept : timeout_(timeout) {}

    // Where there is no room or no memory for it, a frame is not timed.
    void sent(std::uint32_t number, time_us now) noexcept;

    // The round trip, or nothing for a number that is unknown, timed out or acknowledged already.
    std::optional<time_us> acknowledged(std::uint32_t number, time_us now) noexcept;

    // Forgets the frames whose time is over and returns how many they were.
    std::uint32_t expire(time_us now) noexcept;

    // When expire() has something to do next; `never` while nothing is outstanding.
    time_us deadline() const noexcept;

  private:
    struct entry {
        time_us at;
        std::uint32_t number;
        bool open;
    };

    entry &at(std::size_t i) const noexcept { return ring_[(first_ + i) & (capacity_ - 1)]; }
    bool grow() noexcept;
    void drop_settled() noexcept;

    time_us timeout_;
    std::unique_ptr<entry[]> ring_;
    std::uint32_t capacity_ = 0; // a power of two, or 0
    std::uint32_t first_ = 0;
    std::uint32_t size_ = 0;
};

} // namespace cryo_core
