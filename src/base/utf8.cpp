#include "base/utf8.h"

#include "base/lane.h"

namespace cryo_core {

namespace {

// What a lead byte asks for: how many bytes more, and the bounds of the first of them, which keep out
// overlong forms, surrogates and what is above U+10FFFF (RFC 3629 section 4). The others are 80..BF.
struct sequence {
    std::uint8_t following;
    std::uint8_t low;
    std::uint8_t high;
};

// A lead byte of 80 and more that asks for nothing is no lead byte.
constexpr sequence sequence_of(std::uint8_t lead) noexcept {
    if (lead < 0xc2) return {0, 0, 0};
    if (lead < 0xe0) return {1, 0x80, 0xbf};
    if (lead == 0xe0) return {2, 0xa0, 0xbf};
    if (lead == 0xed) return {2, 0x80, 0x9f};
    if (lead < 0xf0) return {2, 0x80, 0xbf};
    if (lead == 0xf0) return {3, 0x90, 0xbf};
    if (lead < 0xf4) return {3, 0x80, 0xbf};
    if (lead == 0xf4) return {3, 0x80, 0x8f};
    return {0, 0, 0};
}

constexpr bool is_ascii(std::uint8_t byte) noexcept {
    return byte < 0x80;
}
constexpr bool is_continuation(std::uint8_t byte) noexcept {
    return (byte & 0xc0) == 0x80;
}

constexpr std::uint64_t high_bits = 0x8080808080808080; // which ASCII has not

constexpr std::size_t small = sizeof(std::uint64_t), middle = 2 * sizeof(lane), large = 8 * sizeof(lane);

bool is_ascii(lane bytes) noexcept {
    return ((bytes[0] | bytes[1]) & high_bits) == 0;
}
bool is_ascii_middle(const std::uint8_t *at) noexcept {
    return is_ascii(load_as<lane>(at) | load_as<lane>(at + 16));
}
bool is_ascii_large(const std::uint8_t *at) noexcept {
    const lane a = load_as<lane>(at) | load_as<lane>(at + 16),
               b = load_as<lane>(at + 32) | load_as<lane>(at + 48);
    const lane c = load_as<lane>(at + 64) | load_as<lane>(at + 80),
               d = load_as<lane>(at + 96) | load_as<lane>(at + 112);
    return is_ascii((a | b) | (c | d));
}

// All of a text of 16 to 256 bytes at once; the last lane overlaps the one before it.
bool is_short_ascii(bytes_view text) noexcept {
    if (text.size() < sizeof(lane) || text.size() > 256) return false;
    const std::size_t last = text.size() - sizeof(lane);
    lane all = load_as<lane>(text.data() + last);
    for (std::size_t at = 0; at < last; at += sizeof(lane))
        all = all | load_as<lane>(text.data() + at);
    return is_ascii(all);
}

// Large blocks for texts that are ASCII throughout, smaller ones for those that are short or have other
// characters.
std::size_t skip_ascii(bytes_view text, std::size_t at) noexcept {
    while (text.size() - at >= large && is_ascii_large(text.data() + at))
        at += large;
    while (text.size() - at >= middle && is_ascii_middle(text.data() + at))
        at += middle;
    while (text.size() - at >= small && (load_as<std::uint64_t>(text.data() + at) & high_bits) == 0)
        at += small;
    while (at < text.size() && is_ascii(text[at]))
        ++at;
    return at;
}

// The length of the whole, valid character beyond ASCII at this place, or 0.
std::size_t character_size(bytes_view text) noexcept {
    const sequence expected = sequence_of(text[0]);
    if (expected.following == 0 || text.size() <= expected.following) return 0;
    if (text[1] < expected.low || text[1] > expected.high) return 0;
    for (std::size_t i = 2; i <= expected.following; ++i)
        if (!is_continuation(text[i])) return 0;
    return expected.following + std::size_t{1};
}

} // namespace

std::size_t utf8_error_offset(bytes_view text) noexcept {
    if (is_short_ascii(text)) return text.size();
    std::size_t at = 0;
    while (at < text.size()) {
        if (is_ascii(text[at])) {
            at = skip_ascii(text, at);
            continue;
        }
        const std::size_t size = character_size(text.subspan(at));
        if (size == 0) break;
        at += size;
    }
    return at;
}

bool utf8_validator::step(std::uint8_t byte) noexcept {
    if (following_ == 0) {
        const sequence expected = sequence_of(byte);
        following_ = expected.following;
        low_ = expected.low;
        high_ = expected.high;
        return is_ascii(byte) || following_ != 0;
    }
    if (byte < low_ || byte > high_) return false;
    --following_;
    low_ = 0x80;
    high_ = 0xbf;
    return true;
}

bool utf8_validator::feed(bytes_view piece) noexcept {
    if (broken_) return false;
    std::size_t at = 0;
    while (at < piece.size() && following_ != 0 && !broken_)
        broken_ = !step(piece[at++]);
    if (broken_) return false;
    at += utf8_error_offset(piece.subspan(at));
    // What is left is at most a character cut off by the end of the piece, or else it is broken.
    while (at < piece.size() && !broken_)
        broken_ = !step(piece[at++]);
    return !broken_;
}

} // namespace cryo_core
