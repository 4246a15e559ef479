#include "event_printer_human.h"

#include "display_text.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace cryo_tool {
namespace {

// "12:34:56.789", local time.
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

} // namespace

std::string local_url(bool tls, std::string_view host, std::uint16_t port) {
    std::string reachable(host);
    if (reachable == "0.0.0.0" || reachable == "::") reachable = "127.0.0.1";
    if (reachable.find(':') != std::string::npos) reachable = "[" + reachable + "]";
    return (tls ? "wss://" : "ws://") + reachable + ":" + std::to_string(port);
}

std::string event_printer_human::painted(colour with, std::string_view text) const {
    if (!style_.colour) return std::string(text);
    const char *code = "2";
    switch (with) {
    case colour::green:
        code = "32";
        break;
    case colour::yellow:
        code = "33";
        break;
    case colour::cyan:
        code = "36";
        break;
    case colour::dim:
        break;
    }
    return std::string("\x1b[") + code + "m" + std::string(text) + "\x1b[0m";
}

void event_printer_human::print(colour with, std::string_view id, std::string_view event,
                                std::string_view rest) {
    constexpr std::size_t short_id = 8;
    constexpr std::size_t event_width = 11;
    std::string name(event);
    name.resize(std::max(event_width, name.size()), ' ');
    std::string text = painted(colour::dim, time_of_day()) + "  ";
    text += style_.verbose ? id : id.substr(0, short_id);
    text += "  " + painted(with, name) + "  ";
    text += rest;
    to_.line(text);
}

void event_printer_human::listening(std::string_view host, std::uint16_t port) {
    if (style_.quiet) return;
    const std::string address =
        host.find(':') == std::string_view::npos ? std::string(host) : "[" + std::string(host) + "]";
    to_.line(painted(colour::green, "listening") + " on " + (style_.tls ? "wss://" : "ws://") + address +
             ":" + std::to_string(port) + "  (" + style_.mode + (style_.cale ? ", CALE)" : ")"));
}

void event_printer_human::session(std::string_view id, std::string_view remote) {
    if (style_.quiet) return;
    print(colour::green, id, "session", "from " + display_text(remote, 64));
}

void event_printer_human::message(std::string_view id, const cryo::message &what) {
    if (style_.quiet) return;
    const std::string size = display_size(static_cast<double>(what.size()));
    const std::size_t columns = style_.verbose ? 1000 : 60;
    if (what.is_text())
        print(colour::cyan, id, "text", size + "  " + display_text(what.text(), columns));
    else
        print(colour::cyan, id, "binary", size + "  " + display_bytes(what.data(), columns / 3));
}

void event_printer_human::closed(std::string_view id, int code, std::string_view reason) {
    if (style_.quiet) return;
    print(colour::yellow, id, "closed", std::to_string(code) + " " + display_text(reason, 130));
}

void event_printer_human::stat(std::string_view id, cryo::statistic which, double value) {
    if (style_.quiet || !style_.verbose) return;
    std::array<char, 32> number{};
    std::snprintf(number.data(), number.size(), which == cryo::statistic::rtt ? "%.2f ms" : "%.0f", value);
    print(colour::dim, id, name_of(which), number.data());
}

} // namespace cryo_tool
