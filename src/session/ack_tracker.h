// Which data frames the peer has yet to acknowledge, and since when.
#pragma once

#include "base/apart.h"
#include "base/clock.h"
#include "base/pooled_queue.h"
#include "session/options.h"

#include <cstdint>
#include <optional>

namespace cryo_core {

// Frames that leave together have one time and numbers in a row: they are kept as one run, so that many of
// them take no more memory, and no more of the processor's caches, than one.
class ack_tracker {
  public:
    // In the order of the numbers. Where there is no room (max_tracked_runs) or no memory for it, a frame is
    // not timed.
    void sent(std::uint32_t number, time_us now) noexcept {
        if (runs_.empty()) return begin_run(number, now);
        run &last = runs_[runs_.size() - 1];
        if (last.at != now || last.first + last.count != number) return begin_run(number, now);
        ++last.count;
    }

    // The round trip, or nothing for a number that is unknown, timed out or acknowledged already.
    std::optional<time_us> acknowledged(std::uint32_t number, time_us now) noexcept;

    // The same for the one that has waited longest, as it is nearly always.
    bool is_oldest(std::uint32_t number) const noexcept {
        return !runs_.empty() && runs_.front().first == number;
    }
    time_us oldest_sent() const noexcept { return runs_.front().at; }
    void pop_oldest() noexcept {
        run &oldest = runs_.front();
        ++oldest.first;
        if (--oldest.count == 0) forget_empty();
    }

    // Forgets the frames whose time is over and returns how many they were.
    std::uint32_t expire(time_us now, time_us timeout) noexcept;

    // When expire() has something to do next; `never` while nothing is outstanding.
    time_us deadline(time_us timeout) const noexcept {
        return runs_.empty() ? never : runs_.front().at + timeout;
    }

  private:
    struct run {
        time_us at;
        std::uint32_t first;
        std::uint32_t count; // 0: all were acknowledged, while older ones were not. Never of the oldest run
    };

    CRYO_APART void begin_run(std::uint32_t number, time_us now) noexcept;
    CRYO_APART void forget_empty() noexcept;
    run *find(std::uint32_t number) noexcept;
    void split(run &at, std::uint32_t number) noexcept;

    pooled_queue<run> runs_;
};

} // namespace cryo_core
