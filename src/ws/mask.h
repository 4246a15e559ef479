// Masking of payloads (RFC 6455 section 5.3): byte i of a payload is combined with byte i mod 4 of the key,
// so that the same function masks and unmasks. The offset says where in its frame's payload the piece begins.
#pragma once

#include "base/bytes.h"

#include <array>

namespace cryo_core::ws {

using masking_key = std::array<std::uint8_t, 4>;

void apply_mask(bytes_mut payload, masking_key key, std::size_t offset) noexcept;

// The same into another place, which must have room for from.size() bytes and must not overlap.
void copy_masked(std::uint8_t *to, bytes_view from, masking_key key, std::size_t offset) noexcept;

} // namespace cryo_core::ws
