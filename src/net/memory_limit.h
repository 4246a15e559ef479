// How much memory this process may have, as far as the system says: the machine's, or less where a container,
// a service manager or the shell has set a limit.
#pragma once

#include <cstdint>
#include <string>

namespace cryo_core::net {

// What the system says. Tests make it up.
struct memory_facts {
    std::uint64_t physical = UINT64_MAX;
    std::uint64_t address_space = UINT64_MAX; // RLIMIT_AS
    std::string cgroups;                      // where control groups are mounted
    std::string own_cgroups;                  // the file that says in which of them this process is
};

memory_facts memory_facts_here();

// The least of all: what a group above this process's own may have counts as well. What cannot be read or
// understood is passed over. Both versions of control groups. UINT64_MAX: nothing is known.
std::uint64_t memory_limit(const memory_facts &facts);

} // namespace cryo_core::net
