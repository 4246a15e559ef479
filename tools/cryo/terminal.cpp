#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace cryo_tool {
namespace {

std::string_view variable(const char *name) noexcept {
    const char *const value = std::getenv(name);
    return value == nullptr ? std::string_view() : value;
}

} // namespace

bool is_terminal(int fd) noexcept {
    return isatty(fd) == 1 && variable("TERM") != "dumb";
}

bool wants_colour(int fd) noexcept {
    return is_terminal(fd) && variable("NO_COLOR").empty();
}

std::size_t terminal_width(int fd) noexcept {
    winsize size{};
    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

} // namespace cryo_tool
