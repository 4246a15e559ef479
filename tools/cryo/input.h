// Where lines to be sent come from.
#pragma once

#include <string>

namespace cryo_tool {

class input {
  public:
    enum class got { nothing, line, end };

    virtual ~input() = default;

    // To be read when this is readable. Negative: read at any time.
    virtual int fd() const noexcept = 0;
    // There is something to be read without waiting for the descriptor.
    virtual bool ready() const noexcept = 0;
    // A line was there, and was not read.
    virtual bool unread() const noexcept = 0;
    // Without the line's end. Nothing: no line is complete yet. Throws std::exception for what is no line.
    virtual got read(std::string &line) = 0;
};

} // namespace cryo_tool
