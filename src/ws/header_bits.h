// The fields of a frame's first two bytes, RFC 6455 section 5.2.
#pragma once

namespace cryo_core::ws {

// Of the first byte.
constexpr unsigned fin_bit = 0x80;
constexpr unsigned reserved_bits = 0x70;
constexpr unsigned opcode_bits = 0x0f;
// Of the second one.
constexpr unsigned mask_bit = 0x80;
constexpr unsigned length_bits = 0x7f;

} // namespace cryo_core::ws
