// What one loop of a server counts, and what all of them come to. The loop's thread writes, any thread reads.
#pragma once

#include "endpoint/tally.h"

#include <array>
#include <cstddef>

namespace cryo_core {

// HTTP statuses of refusals, from the first to behind the last.
constexpr int first_refusal = 400;
constexpr int last_refusal = 600;

struct alignas(64) service_counters {
    message_tally messages;
    counter<std::uint64_t> messages_in;
    counter<std::uint64_t> messages_out;
    counter<std::uint64_t> sessions; // that were announced
    counter<std::uint64_t> resumed;  // that went on with another connection
    counter<std::uint64_t> closed;
    counter<std::uint64_t> violations;
    counter<std::uint64_t> foreign;   // connections that spoke neither HTTP nor TLS
    counter<std::uint64_t> timeouts;  // requests that were begun and not finished in time
    counter<std::uint64_t> questions; // health checks and the like
    std::array<counter<std::uint64_t>, last_refusal - first_refusal> refused;

    void refuse(int status) noexcept {
        if (status >= first_refusal && status < last_refusal)
            refused[static_cast<std::size_t>(status - first_refusal)].add(1);
    }
};

} // namespace cryo_core
