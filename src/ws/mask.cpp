#include "ws/mask.h"

#include "base/lane.h"

#include <bit>

namespace cryo_core::ws {

namespace {

// The key as the payload meets it from this offset on, twice. Both key and payload are moved as bytes, so the
// order of bytes in a word does not matter.
std::uint64_t key_word(masking_key key, std::size_t offset) noexcept {
    const auto once = load_as<std::uint32_t>(key.data());
    const int bits = 8 * static_cast<int>(offset % key.size());
    const std::uint32_t turned =
        std::endian::native == std::endian::little ? std::rotr(once, bits) : std::rotl(once, bits);
    return turned | std::uint64_t{turned} << 32;
}

// to may be from.
template <typename T>
void combine_one(std::uint8_t *to, const std::uint8_t *from, T mask) noexcept {
    store_as<T>(to, load_as<T>(from) ^ mask);
}

void combine(std::uint8_t *to, const std::uint8_t *from, std::size_t size, masking_key key,
             std::size_t offset) noexcept {
    const std::uint64_t word = key_word(key, offset);
    const lane mask = {word, word};
    constexpr std::size_t step = sizeof mask;
    for (; size >= 4 * step; size -= 4 * step, to += 4 * step, from += 4 * step) {
        combine_one(to, from, mask);
        combine_one(to + step, from + step, mask);
        combine_one(to + 2 * step, from + 2 * step, mask);
        combine_one(to + 3 * step, from + 3 * step, mask);
    }
    for (; size >= step; size -= step, to += step, from += step)
        combine_one(to, from, mask);
    if (size >= sizeof word) {
        combine_one(to, from, word);
        size -= sizeof word, to += sizeof word, from += sizeof word;
    }
    const auto half = static_cast<std::uint32_t>(word); // both are alike
    if (size >= sizeof half) {
        combine_one(to, from, half);
        to += sizeof half, from += sizeof half;
    }
    std::uint8_t rest[sizeof half];
    store_as(rest, half);
    for (std::size_t i = 0; i < size % sizeof half; ++i)
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
