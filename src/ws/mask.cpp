#include "ws/mask.h"

namespace cryo_core::ws {

namespace {

// The key as the payload meets it from this offset on, twice. Both key and payload are moved as bytes, so the
// order of bytes in a word does not matter.
std::uint64_t key_word(masking_key key, std::size_t offset) noexcept {
    std::uint8_t bytes[sizeof(std::uint64_t)] = {};
    for (std::size_t i = 0; i < sizeof bytes; ++i)
        bytes[i] = key[(offset + i) % key.size()];
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

// to may be from.
void combine(std::uint8_t *to, const std::uint8_t *from, std::size_t size, masking_key key,
             std::size_t offset) noexcept {
    const std::uint64_t mask = key_word(key, offset);
    std::uint64_t words[4]; // a block that compilers turn into vector instructions
    for (; size >= sizeof words; size -= sizeof words, to += sizeof words, from += sizeof words) {
        std::memcpy(words, from, sizeof words);
        for (std::uint64_t &word : words)
            word ^= mask;
        std::memcpy(to, words, sizeof words);
    }
    for (; size >= sizeof mask; size -= sizeof mask, to += sizeof mask, from += sizeof mask) {
        std::memcpy(words, from, sizeof mask);
        words[0] ^= mask;
        std::memcpy(to, words, sizeof mask);
    }
    std::uint8_t rest[sizeof mask];
    std::memcpy(rest, &mask, sizeof mask);
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
