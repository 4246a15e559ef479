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

// A piece of this size, of up to 32 bytes, in words or vectors. to may be from.
template <std::size_t Size>
void combine_block(std::uint8_t *to, const std::uint8_t *from, std::uint64_t mask) noexcept {
    std::uint64_t words[Size / sizeof mask];
    std::memcpy(words, from, Size);
    for (std::uint64_t &word : words)
        word ^= mask;
    std::memcpy(to, words, Size);
}

void combine(std::uint8_t *to, const std::uint8_t *from, std::size_t size, masking_key key,
             std::size_t offset) noexcept {
    const std::uint64_t mask = key_word(key, offset);
    constexpr std::size_t large = 128, middle = 32, small = sizeof mask;
    for (; size >= large; size -= large, to += large, from += large)
        for (std::size_t i = 0; i < large; i += middle)
            combine_block<middle>(to + i, from + i, mask);
    for (; size >= middle; size -= middle, to += middle, from += middle)
        combine_block<middle>(to, from, mask);
    for (; size >= small; size -= small, to += small, from += small)
        combine_block<small>(to, from, mask);
    if (size >= key.size()) {
        const auto half = static_cast<std::uint32_t>(mask); // both are alike
        std::uint32_t word = 0;
        std::memcpy(&word, from, sizeof word);
        word ^= half;
        std::memcpy(to, &word, sizeof word);
        to += sizeof word, from += sizeof word;
    }
    std::uint8_t last[sizeof mask];
    std::memcpy(last, &mask, sizeof mask);
    for (std::size_t i = 0; i < size % key.size(); ++i)
        to[i] = static_cast<std::uint8_t>(from[i] ^ last[i]);
}

} // namespace

void apply_mask(bytes_mut payload, masking_key key, std::size_t offset) noexcept {
    combine(payload.data(), payload.data(), payload.size(), key, offset);
}

void copy_masked(std::uint8_t *to, bytes_view from, masking_key key, std::size_t offset) noexcept {
    combine(to, from.data(), from.size(), key, offset);
}

} // namespace cryo_core::ws
