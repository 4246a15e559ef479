// What the messages of all sessions of a server may hold where the application says nothing about it.
#pragma once

#include <cstdint>

namespace cryo_core {

// A quarter: beside the messages there is what holds them, the rest of the process, and perhaps another
// server.
constexpr std::uint64_t share_of_memory(std::uint64_t limit) noexcept {
    constexpr std::uint64_t least = 1024 * 1024;
    const std::uint64_t share = limit / 4;
    return share > least ? share : least;
}

// Of the memory that this process may have, as it was when it was asked for first.
std::uint64_t default_total_bound();

} // namespace cryo_core
