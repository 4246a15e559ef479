// What standard output is able to show.
#pragma once

#include <cstddef>

namespace cryo_tool {

// A terminal that understands escape sequences, where a line can be drawn over.
bool is_terminal(int fd) noexcept;

// The same, and the user did not say NO_COLOR (https://no-color.org).
bool wants_colour(int fd) noexcept;

// Columns of the terminal; 80 when it does not say.
std::size_t terminal_width(int fd) noexcept;

} // namespace cryo_tool
