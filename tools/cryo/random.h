// Bytes that nobody can guess.
#pragma once

#include <cstdint>
#include <span>

namespace cryo_tool {

// From the operating system. Throws std::system_error.
void fill_random(std::span<std::uint8_t> out);

} // namespace cryo_tool
