// Text from peers, made fit for a terminal: what they send must not move its cursor, change its colours, or
// pass for something else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cryo_tool {

// Control characters, marks that turn the direction of writing, and invisible ones are written as \n,
// \u{202e}; bytes that are not UTF-8 as \xff. Cut to about `max_columns`, with an ellipsis.
std::string display_text(std::string_view text, std::size_t max_columns);

// The first `max_bytes` bytes in hexadecimal, with an ellipsis.
std::string display_bytes(std::span<const std::uint8_t> data, std::size_t max_bytes);

// 1536 is "1.5 KiB".
std::string display_size(double bytes);

} // namespace cryo_tool
