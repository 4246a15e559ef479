// Sixteen bytes that are treated alike, for loops over payloads: one register of the vector instructions that
// every processor with 64 bits has. Written out, since what compilers make of plain loops hangs on what they
// know about overlaps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace cryo_core {

#ifdef __GNUC__ // and Clang
using lane = std::uint64_t __attribute__((vector_size(16)));
#else
struct lane {
    std::uint64_t words[2];
    std::uint64_t operator[](std::size_t i) const noexcept { return words[i]; }
    friend lane operator|(lane a, lane b) noexcept {
        return {{a.words[0] | b.words[0], a.words[1] | b.words[1]}};
    }
    friend lane operator^(lane a, lane b) noexcept {
        return {{a.words[0] ^ b.words[0], a.words[1] ^ b.words[1]}};
    }
};
#endif

// Of a lane or an integer, wherever it lies.
template <typename T>
T load_as(const std::uint8_t *from) noexcept {
    T value{};
    std::memcpy(&value, from, sizeof value);
    return value;
}

template <typename T>
void store_as(std::uint8_t *to, T value) noexcept {
    std::memcpy(to, &value, sizeof value);
}

} // namespace cryo_core
