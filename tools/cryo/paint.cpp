#include "paint.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace cryo_tool {
namespace {

const char *code_of(colour which) noexcept {
    switch (which) {
    case colour::green:
        return "32";
    case colour::yellow:
        return "33";
    case colour::red:
        return "31";
    case colour::cyan:
        return "36";
    case colour::dim:
        break;
    }
    return "2";
}

} // namespace

std::string painter::operator()(colour with, std::string_view text) const {
    if (!on_) return std::string(text);
    return std::string("\x1b[") + code_of(with) + "m" + std::string(text) + "\x1b[0m";
}

std::string time_of_day() {
    const auto now = std::chrono::system_clock::now();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
    std::tm local{};
    localtime_r(&seconds, &local);
    std::array<char, 16> clock{};
    std::strftime(clock.data(), clock.size(), "%H:%M:%S", &local);
    std::array<char, 32> out{};
    std::snprintf(out.data(), out.size(), "%s.%03d", clock.data(), static_cast<int>(ms));
    return out.data();
}

} // namespace cryo_tool
