// Which data frames the peer has yet to acknowledge, and since when.
#pragma once

#include "base/clock.h"
#include "session/number_ring.h"
#include "session/options.h"

#include <cstdint>
#include <optional>

namespace cryo_core {

class ack_tracker {
  public:
    // In the order of the numbers. Where there is no room (max_tracked_acks) or no memory for it, a frame is
    // not timed.
    void sent(std::uint32_t number, time_us now) noexcept {
        if (!waiting_.has_place() || waiting_.size() >= max_tracked_acks)
            return sent_without_place(number, now);
        waiting_.push({now, number, true});
    }

    // The round trip, or nothing for a number that is unknown, timed out or acknowledged already.
    std::optional<time_us> acknowledged(std::uint32_t number, time_us now) noexcept;

    // The same for the one that has waited longest, as it is nearly always.
    bool is_oldest(std::uint32_t number) const noexcept {
        return !waiting_.empty() && waiting_.front().number == number;
    }
    time_us oldest_sent() const noexcept { return waiting_.front().at; }
    void pop_oldest() noexcept { waiting_.settle(waiting_.front()); }

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

    CRYO_APART void sent_without_place(std::uint32_t number, time_us now) noexcept;

    number_ring<entry> waiting_;
};

} // namespace cryo_core
