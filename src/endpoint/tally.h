// What the sessions of one loop have done with messages, as an operator wants to know it. That loop's thread
// writes, any thread reads.
#pragma once

#include "base/counter.h"
#include "session/receipts.h"
#include "session/send_queue.h"

#include <array>

namespace cryo_core {

struct message_tally {
    std::array<counter<std::uint64_t>, 5> dropped;  // by drop_reason
    std::array<counter<std::uint64_t>, 7> receipts; // by receipt_outcome

    void drop(drop_reason why) noexcept { dropped[static_cast<std::size_t>(why)].add(1); }
    void receipt(receipt_outcome how) noexcept { receipts[static_cast<std::size_t>(how)].add(1); }
};

} // namespace cryo_core
