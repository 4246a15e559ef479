// Colours, and the time of day, for lines that people read.
#pragma once

#include <string>
#include <string_view>

namespace cryo_tool {

enum class colour { green, yellow, red, cyan, dim };

// Paints, or does not.
class painter {
  public:
    explicit painter(bool on) : on_(on) {}
    std::string operator()(colour with, std::string_view text) const;

  private:
    bool on_;
};

// "12:34:56.789", local time.
std::string time_of_day();

} // namespace cryo_tool
