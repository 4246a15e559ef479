#include "pipe_input.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace cryo_tool {

bool pipe_input::ready() const noexcept {
    return ended_ || waiting_.find('\n', searched_) != std::string::npos;
}

input::got pipe_input::read(std::string &line) {
    if (!ready()) fill();
    return take(line);
}

void pipe_input::fill() {
    std::array<char, 65536> some;
    const ssize_t count = ::read(fd_, some.data(), some.size());
    if (count == 0) {
        ended_ = true;
    } else if (count > 0) {
        searched_ = waiting_.size();
        waiting_.append(some.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR && errno != EAGAIN) {
        throw std::system_error(errno, std::generic_category(), "standard input");
    }
}

input::got pipe_input::take(std::string &line) {
    const std::size_t end = waiting_.find('\n', searched_);
    if (end != std::string::npos) {
        line.assign(waiting_, 0, end);
        waiting_.erase(0, end + 1);
        searched_ = 0;
        return got::line;
    }
    searched_ = waiting_.size();
    if (waiting_.size() > longest_line) throw std::length_error("standard input has a line that is too long");
    if (!ended_) return got::nothing;
    if (waiting_.empty()) return got::end;
    line = std::exchange(waiting_, {}); // the last line may lack its end
    searched_ = 0;
    return got::line;
}

} // namespace cryo_tool
