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
// them take no more memory, and no more of the processor's caches, than one. The oldest run lies here, so
// that who sends and waits for the answer needs no block of memory for it.
class ack_tracker {
  public:
    // In the order of the numbers. Where there is no room (max_tracked_runs) or no memory for it, a frame is
    // not timed.
    void sent(std::uint32_t number, time_us now) noexcept {
        if (oldest_.count == 0) {
            oldest_ = {now, number, 1};
            return;
        }
        run &last = later_.empty() ? oldest_ : later_.back();
        if (last.at != now || last.first + last.count != number) return begin_run(number, now);
        ++last.count;
    }

    // The round trip, or nothing for a number that is unknown, timed out or acknowledged already.
    std::optional<time_us> acknowledged(std::uint32_t number, time_us now) noexcept;

    // The same for the one that has waited longest, as it is nearly always.
    bool is_oldest(std::uint32_t number) const noexcept {
        return oldest_.count != 0 && oldest_.first == number;
    }
    time_us oldest_sent() const noexcept { return oldest_.at; }
    void pop_oldest() noexcept {
        ++oldest_.first;
        if (--oldest_.count == 0 && !later_.empty()) forget_empty();
    }

    // Forgets the frames whose time is over and returns how many they were.
    std::uint32_t expire(time_us now, time_us timeout) noexcept;

    // When expire() has something to do next; `never` while nothing is outstanding.
    time_us deadline(time_us timeout) const noexcept {
        return oldest_.count == 0 ? never : oldest_.at + timeout;
    }

  private:
    struct run {
        time_us at;
        std::uint32_t first;
        std::uint32_t count; // 0: all were acknowledged, while older ones were not
    };

    CRYO_APART void begin_run(std::uint32_t number, time_us now) noexcept;
    CRYO_APART void forget_empty() noexcept;
    run *find(std::uint32_t number) noexcept;
    void split(run &what, std::uint32_t number) noexcept;

    std::uint32_t run_count() const noexcept { return oldest_.count == 0 ? 0 : 1 + later_.size(); }
    run &at(std::uint32_t i) noexcept { return i == 0 ? oldest_ : later_[i - 1]; }

    run oldest_{}; // its count is 0 when nothing is outstanding
    pooled_queue<run> later_;
};

} // namespace cryo_core
