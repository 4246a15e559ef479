#include "ws/mask.h"

#include <algorithm>

namespace cryo_core::ws {

namespace {

// The key as the payload meets it from this offset on, twice. Both key and payload are moved as bytes, so the
// order of bytes in a word does not matter.
std::uint64_t key_word(masking_key key, std::size_t offset) noexcept {
    std::uint32_t word = 0;
    if (offset % key.size() != 0) std::rotate(key.begin(), key.begin() + offset % key.size(), key.end());
    std::memcpy(&word, key.data(), sizeof word);
    return word | std::uint64_t{word} << 32;
}

template <typename Word>
Word load(const std::uint8_t *from) noexcept {
    Word word = 0;
    std::memcpy(&word, from, sizeof word);
    return word;
}

template <typename Word>
void store(std::uint8_t *to, Word word) noexcept {
    std::memcpy(to, &word, sizeof word);
}

// 32 bytes, of which compilers make vectors: all are read before the first is written, since to may be from.
void combine_block(std::uint8_t *to, const std::uint8_t *from, std::uint64_t mask) noexcept {
    const auto a = load<std::uint64_t>(from), b = load<std::uint64_t>(from + 8);
    const auto c = load<std::uint64_t>(from + 16), d = load<std::uint64_t>(from + 24);
    store(to, a ^ mask);
    store(to + 8, b ^ mask);
    store(to + 16, c ^ mask);
    store(to + 24, d ^ mask);
}

void combine(std::uint8_t *to, const std::uint8_t *from, std::size_t size, masking_key key,
             std::size_t offset) noexcept {
    const std::uint64_t mask = key_word(key, offset);
    constexpr std::size_t block = 32;
    std::size_t at = 0;
    for (; size - at >= 2 * block; at += 2 * block) {
        combine_block(to + at, from + at, mask);
        combine_block(to + at + block, from + at + block, mask);
    }
    for (; size - at >= sizeof mask; at += sizeof mask)
        store(to + at, load<std::uint64_t>(from + at) ^ mask);
    const auto half = static_cast<std::uint32_t>(mask); // both are alike
    if (size - at >= sizeof half) {
        store(to + at, load<std::uint32_t>(from + at) ^ half);
        at += sizeof half;
    }
    std::uint8_t last[sizeof half];
    store(last, half);
    for (std::size_t i = 0; i < size % sizeof half; ++i)
        to[at + i] = static_cast<std::uint8_t>(from[at + i] ^ last[i]);
}

} // namespace

void apply_mask(bytes_mut payload, masking_key key, std::size_t offset) noexcept {
    combine(payload.data(), payload.data(), payload.size(), key, offset);
}

void copy_masked(std::uint8_t *to, bytes_view from, masking_key key, std::size_t offset) noexcept {
    combine(to, from.data(), from.size(), key, offset);
}

} // namespace cryo_core::ws
