// Asks the processor for memory that is looked at soon, so that it is there by then. A thousand sessions do
// not fit into its caches: who walks through them waits for each one's memory, line after line.
#pragma once

#include <cstddef>

namespace cryo_core {

template <std::size_t Size>
inline void prefetch([[maybe_unused]] const void *at) noexcept {
#if defined(__GNUC__)
    constexpr std::size_t line = 64;
    for (std::size_t i = 0; i < Size; i += line)
        __builtin_prefetch(static_cast<const char *>(at) + i, 1); // to be written
#endif
}

} // namespace cryo_core
