// Views of bytes, and big-endian integers in them.
#pragma once

#include <bit>
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

namespace detail {
// Written so that compilers make one instruction of it, which they do not of a loop over the bytes in memory.
template <typename Int>
constexpr Int to_or_from_be(Int value) noexcept {
    if constexpr (std::endian::native == std::endian::big || sizeof(Int) == 1) {
        return value;
    } else if constexpr (sizeof(Int) == 2) {
        return static_cast<Int>(value << 8 | value >> 8);
    } else if constexpr (sizeof(Int) == 4) {
        return value << 24 | (value & 0xff00) << 8 | (value >> 8 & 0xff00) | value >> 24;
    } else {
        static_assert(sizeof(Int) == 8);
        return Int{to_or_from_be(static_cast<std::uint32_t>(value))} << 32 |
               to_or_from_be(static_cast<std::uint32_t>(value >> 32));
    }
}
} // namespace detail

template <typename Int>
Int load_be(const std::uint8_t *from) noexcept {
    Int value;
    std::memcpy(&value, from, sizeof value);
    return detail::to_or_from_be(value);
}

template <typename Int>
void store_be(std::uint8_t *to, Int value) noexcept {
    value = detail::to_or_from_be(value);
    std::memcpy(to, &value, sizeof value);
}

} // namespace cryo_core
