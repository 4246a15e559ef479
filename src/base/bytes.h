// Views of bytes, and big-endian integers in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace cryo_core {

using bytes_view = std::span<const std::uint8_t>;
using bytes_mut = std::span<std::uint8_t>;

inline bytes_view as_bytes(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

inline std::string_view as_text(bytes_view bytes) noexcept {
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

template <typename Int>
constexpr Int load_be(const std::uint8_t *from) noexcept {
    Int value = 0;
    for (std::size_t i = 0; i < sizeof(Int); ++i)
        value = static_cast<Int>((value << 8) | from[i]);
    return value;
}

template <typename Int>
constexpr void store_be(std::uint8_t *to, Int value) noexcept {
    for (std::size_t i = 0; i < sizeof(Int); ++i)
        to[i] = static_cast<std::uint8_t>(value >> (8 * (sizeof(Int) - 1 - i)));
}

} // namespace cryo_core
