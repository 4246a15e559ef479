// What the system knows of another process on this machine.
#pragma once

#include <cstdint>
#include <optional>

namespace cryo_tool {

struct process_figures {
    std::uint64_t cpu_ns = 0; // of all its threads that still run
    std::uint64_t resident = 0;
    std::uint64_t resident_peak = 0; // since it began
};

// nullopt: there is no such process, or the system does not tell (only Linux does).
std::optional<process_figures> figures_of(std::uint32_t pid);

// CPU time of this process.
std::uint64_t own_cpu_ns() noexcept;

} // namespace cryo_tool
