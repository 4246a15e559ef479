// A session's counters: written by its loop alone, read by any thread.
#pragma once

#include "base/counter.h"

#include <cstdint>

namespace cryo_core {

struct session_counters {
    counter<double> rtt_ms; // negative: no sample yet
    counter<std::uint64_t> bytes_rx;
    counter<std::uint64_t> bytes_tx;
    counter<std::uint64_t> pending_bytes; // accepted by the session and not yet taken by the kernel
    counter<std::uint32_t> pending_count; // messages of these
    counter<std::uint32_t> queued_count;  // messages that wait in the held queue
    counter<std::uint32_t> ack_timeouts;
    counter<bool> held; // the queue is held

    session_counters() noexcept { rtt_ms.store(-1); }
};

} // namespace cryo_core
