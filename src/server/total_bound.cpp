#include "server/total_bound.h"

#include "net/memory_limit.h"

namespace cryo_core {

std::uint64_t default_total_bound() {
    static const std::uint64_t bound = share_of_memory(net::memory_limit(net::memory_facts_here()));
    return bound;
}

} // namespace cryo_core
