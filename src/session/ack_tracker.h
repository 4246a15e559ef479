// Which data frames the peer has yet to acknowledge, and since when.
#pragma once

#include "base/clock.h"
#include "session/number_ring.h"

#include <cstdint>
#include <optional>

namespace cryo_core {

class ack_tracker {
  public:
    // In the order of the numbers. Where there is no room (max_tracked_acks) or no memory for it, a frame is
    // not timed.
    void sent(std::uint32_t number, time_us now) noexcept;

    // The round trip, or nothing for a number that is unknown, timed out or acknowledged already.
    std::optional<time_us> acknowledged(std::uint32_t number, time_us now) noexcept;

    // Forgets the frames whose time is over and returns how many they were.
    std::uint32_t expire(time_us now, time_us timeout) noexcept;

    // When expire() has something to do next; `never` while nothing is outstanding.
    time_us deadline(time_us timeout) const noexcept {
        return waiting_.empty() ? never : waiting_.front().at + timeout;
    }

  private:
    struct entry {
        time_us at;
        std::uint32_t number;
        bool open;
    };

    number_ring<entry> waiting_;
};

} // namespace cryo_core
