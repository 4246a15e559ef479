#include "ws/mask_keys.h"

#include <algorithm>
#include <bit>

namespace cryo_core::ws {

namespace {

std::uint32_t load_le(const std::uint8_t *from) noexcept {
    return std::uint32_t{from[0]} | std::uint32_t{from[1]} << 8 | std::uint32_t{from[2]} << 16 |
           std::uint32_t{from[3]} << 24;
}

void store_le(std::uint8_t *to, std::uint32_t value) noexcept {
    for (int i = 0; i < 4; ++i)
        to[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

// RFC 8439 section 2.1
void quarter_round(std::uint32_t &a, std::uint32_t &b, std::uint32_t &c, std::uint32_t &d) noexcept {
    a += b, d = std::rotl(d ^ a, 16);
    c += d, b = std::rotl(b ^ c, 12);
    a += b, d = std::rotl(d ^ a, 8);
    c += d, b = std::rotl(b ^ c, 7);
}

} // namespace

mask_keys::mask_keys(const seed &from) noexcept : state_{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574} {
    for (std::size_t i = 0; i < 8; ++i)
        state_[4 + i] = load_le(from.data() + 4 * i);
}

masking_key mask_keys::next() noexcept {
    if (used_ == block_size) refill();
    masking_key key;
    std::copy_n(block_.begin() + static_cast<std::ptrdiff_t>(used_), key.size(), key.begin());
    used_ += key.size();
    return key;
}

// Sections 2.3 and 2.4. The counter takes what the RFC leaves to the nonce as well: a connection has but one
// stream, and it does not end.
void mask_keys::refill() noexcept {
    auto x = state_;
    for (int i = 0; i < 10; ++i) {
        for (std::size_t column = 0; column < 4; ++column)
            quarter_round(x[column], x[4 + column], x[8 + column], x[12 + column]);
        for (std::size_t d = 0; d < 4; ++d)
            quarter_round(x[d], x[4 + (d + 1) % 4], x[8 + (d + 2) % 4], x[12 + (d + 3) % 4]);
    }
    for (std::size_t i = 0; i < x.size(); ++i)
        store_le(block_.data() + 4 * i, x[i] + state_[i]);
    if (++state_[12] == 0) ++state_[13];
    used_ = 0;
}

} // namespace cryo_core::ws
