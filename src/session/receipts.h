// The messages that were sent with a receipt, from their leaving to their end.
#pragma once

#include "base/clock.h"
#include "session/number_ring.h"

#include <cstdint>
#include <optional>

namespace cryo_core {

enum class receipt_outcome : std::int32_t {
    acknowledged = 1,
    timed_out = 2,
    dropped = 3,
    vetoed = 4,
    closed = 5,
    refused = 6,
};

class receipts {
  public:
    // `receipt` is the application's number. In the order of the frames' numbers. False: there is no memory.
    bool sent(std::uint32_t number, std::uint64_t receipt, time_us now) noexcept;

    struct acknowledgement {
        std::uint64_t receipt;
        time_us round_trip;
    };
    bool empty() const noexcept { return waiting_.empty(); }
    std::optional<acknowledgement> acknowledged(std::uint32_t number, time_us now) noexcept;

    // The next one whose time is over. 0: none.
    std::uint64_t expire_one(time_us now, time_us timeout) noexcept;
    time_us deadline(time_us timeout) const noexcept {
        return waiting_.empty() ? never : waiting_.front().at + timeout;
    }

    struct entry {
        time_us at = 0;
        std::uint64_t receipt = 0; // 0: there is none
        std::uint32_t number = 0;
        bool open = false;
    };

    // Takes the one of this frame, or the oldest, back.
    entry take(std::uint32_t number) noexcept;
    std::uint64_t take_oldest() noexcept { return waiting_.empty() ? 0 : waiting_.pop_front().receipt; }

  private:
    number_ring<entry> waiting_;
};

} // namespace cryo_core
