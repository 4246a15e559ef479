#include "ws/mask.h"

#include "base/lane.h"

#include <bit>

namespace cryo_core::ws {

namespace {

// The key as the payload meets it from this offset on. Both key and payload are moved as bytes, so the order
// of bytes in a word does not matter.
std::uint32_t turned(std::uint32_t key, std::size_t offset) noexcept {
    const auto bits = static_cast<unsigned>(8 * (offset % sizeof key));
    const unsigned left = std::endian::native == std::endian::little ? 32 - bits : bits;
    return key << left % 32 |
           key >> (32 - left) % 32; // std::rotl takes a number of another type in libc++ 14
}

template <typename T>
T repeated(std::uint32_t key) noexcept {
    if constexpr (sizeof(T) == sizeof key) {
        return key;
    } else {
        const std::uint64_t word = key | std::uint64_t{key} << 32;
        if constexpr (sizeof(T) == sizeof word)
            return word;
        else
            return lane{word, word};
    }
}

// to may be from.
template <typename T>
void combine_one(std::uint8_t *to, const std::uint8_t *from, T mask) noexcept {
    store_as<T>(to, load_as<T>(from) ^ mask);
}

// At least one T. The last one overlaps the one before it: it is read before that is written, and written
// last.
template <typename T>
void combine_as(std::uint8_t *to, const std::uint8_t *from, std::size_t size, std::uint32_t key) noexcept {
    constexpr std::size_t step = sizeof(T);
    const T mask = repeated<T>(key);
    const std::size_t last = size - step;
    const T end = load_as<T>(from + last) ^ repeated<T>(turned(key, last));
    std::size_t at = 0;
    for (; at + 4 * step <= last; at += 4 * step) {
        combine_one(to + at, from + at, mask);
        combine_one(to + at + step, from + at + step, mask);
        combine_one(to + at + 2 * step, from + at + 2 * step, mask);
        combine_one(to + at + 3 * step, from + at + 3 * step, mask);
    }
    for (; at < last; at += step)
        combine_one(to + at, from + at, mask);
    store_as<T>(to + last, end);
}

void combine(std::uint8_t *to, const std::uint8_t *from, std::size_t size, masking_key key,
             std::size_t offset) noexcept {
    const std::uint32_t here = turned(load_as<std::uint32_t>(key.data()), offset);
    if (size >= sizeof(lane)) return combine_as<lane>(to, from, size, here);
    if (size >= sizeof(std::uint64_t)) return combine_as<std::uint64_t>(to, from, size, here);
    if (size >= sizeof here) return combine_as<std::uint32_t>(to, from, size, here);
    std::uint8_t rest[sizeof here];
    store_as(rest, here);
    for (std::size_t i = 0; i < size; ++i)
        to[i] = static_cast<std::uint8_t>(from[i] ^ rest[i]);
}

} // namespace

void apply_mask(bytes_mut payload, masking_key key, std::size_t offset) noexcept {
    combine(payload.data(), payload.data(), payload.size(), key, offset);
}

void copy_masked(std::uint8_t *to, bytes_view from, masking_key key, std::size_t offset) noexcept {
    combine(to, from.data(), from.size(), key, offset);
}

} // namespace cryo_core::ws
