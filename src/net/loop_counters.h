// What a loop counts of its connections and of its own time. Its thread writes, any thread reads.
#pragma once

#include "base/counter.h"

namespace cryo_core::net {

// A turn of a loop that takes so long holds its connections up: a callback of the application does not
// return.
constexpr std::uint64_t slow_turn_ms = 100;

struct alignas(64) loop_counters {
    counter<std::uint64_t> connections; // that were accepted
    counter<std::uint64_t> open;        // of these, now
    counter<std::uint64_t> tls_failures;
    counter<std::uint64_t> bytes_in; // of connections, TLS taken off
    counter<std::uint64_t> bytes_out;
    counter<std::uint64_t> busy_ms; // not waiting for something to do
    counter<std::uint64_t> slow_turns;
    recent_peak turn_ms; // from a poll to the next one
    recent_peak mails;   // that one look into the mailbox has found
};

} // namespace cryo_core::net
