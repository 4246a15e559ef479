// What a session leaves to the next connection of the same conversation.
#pragma once

#include "base/clock.h"
#include "session/data_frame.h"

#include <cstdint>

namespace cryo_core {

// Where the numbers stand. Between two ends that both keep them over a loss nothing arrives twice: on one
// connection frames arrive in their order, so one number says what has arrived.
struct frame_numbers {
    std::uint32_t next = 0;     // of the next frame that leaves
    std::uint32_t received = 0; // one more than that of the last frame that was received
};

// A message that the peer may not have got.
struct unsent_message {
    data_frame frame{};
    bool left = false;        // it has left, so that the peer may have got it; else the rest says nothing
    std::uint32_t number = 0; // with which it left
    time_us sent_at = 0;      // if a receipt is owed for it
};

// Numbers go round: whether `number` is below `limit`, from which it is not far away.
constexpr bool is_below(std::uint32_t number, std::uint32_t limit) noexcept {
    return static_cast<std::int32_t>(number - limit) < 0;
}

} // namespace cryo_core
