// The frame types of RFC 6455 section 5.2.
#pragma once

#include <cstdint>

namespace cryo_core::ws {

enum class opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

constexpr bool is_control(opcode code) noexcept {
    return static_cast<std::uint8_t>(code) >= 8;
}

constexpr bool is_known_opcode(std::uint8_t value) noexcept {
    return value <= 2 || (value >= 8 && value <= 10);
}

} // namespace cryo_core::ws
