// Where lines for the user go.
#pragma once

#include <string_view>

namespace cryo_tool {

// Without the line's end.
class line_sink {
  public:
    virtual ~line_sink() = default;

    // To standard output.
    virtual void line(std::string_view text) = 0;
    // To standard error.
    virtual void error_line(std::string_view text) = 0;
};

} // namespace cryo_tool
