// Session ids as people write them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cryo_tool {

// 36 characters, 8-4-4-4-12.
std::optional<std::array<std::uint8_t, 16>> parse_uuid(std::string_view text) noexcept;

// A random one (version 4). Throws std::system_error.
std::string random_uuid();

} // namespace cryo_tool
