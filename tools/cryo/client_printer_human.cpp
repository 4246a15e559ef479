#include "client_printer_human.h"

#include "display_text.h"
#include "event_text.h"

#include <array>
#include <cstdio>

namespace cryo_tool {
namespace {

// A message is shown whole, unless it would push everything else off the screen.
constexpr std::size_t longest_text = 4000;
constexpr std::size_t longest_reason = 500;
constexpr std::size_t enough_to_know_it = 60; // of a message of ours

std::string end_text(int code, std::string_view reason) {
    std::string text = std::to_string(code);
    if (!reason.empty()) text += " " + display_text(reason, longest_reason);
    if (code == CRYO_CLOSE_ABNORMAL && reason.empty()) text += " (the connection was lost)";
    return text;
}

} // namespace

std::string reason_text(const cryo::failed_attempt &why) {
    return display_text(why.text, longest_reason) + " (" + cryo_status_name(why.status) + ")";
}

std::string wait_text(std::chrono::milliseconds time) {
    std::array<char, 32> text{};
    const double seconds = std::chrono::duration<double>(time).count();
    std::snprintf(text.data(), text.size(), seconds < 10 ? "%.1f s" : "%.0f s", seconds);
    return text.data();
}

void client_printer_human::print(colour with, std::string_view mark, std::string_view rest) {
    std::string text = paint_(colour::dim, time_of_day()) + "  " + paint_(with, mark);
    if (!rest.empty()) text.append(" ").append(rest);
    to_.line(text);
}

void client_printer_human::connected(const cryo::session &session) {
    connected_before_ = true;
    print(colour::green, "connected",
          "to " + display_text(url_, longest_reason) + " as " + session.id_text() +
              (session.is_secure() ? "  (CALE)" : ""));
}

void client_printer_human::message(const cryo::session &, const cryo::message &what) {
    if (what.is_text())
        print(colour::cyan, "<", display_text(what.text(), longest_text));
    else
        print(colour::cyan, "< binary", excerpt(what, longest_text));
}

void client_printer_human::acknowledged(const cryo::session &, double rtt_ms) {
    print(colour::green, "\u2713",
          paint_(colour::dim, "round trip " + value_of(cryo::statistic::rtt, rtt_ms)));
}

void client_printer_human::unacknowledged(const cryo::session &) {
    print(colour::red, "\u2717", "not acknowledged in time");
}

void client_printer_human::dropped(const cryo::session &, cryo::drop_reason, const cryo::message &what) {
    print(colour::red, "\u2717", "not sent, the server is too slow: " + excerpt(what, enough_to_know_it));
}

void client_printer_human::lost(const cryo::session &, const cryo::message &what) {
    print(colour::red, "\u2717",
          "lost, or arrived without being acknowledged: " + excerpt(what, enough_to_know_it));
}

void client_printer_human::stat(const cryo::session &, cryo::statistic which, double value) {
    if (style_.verbose) print(colour::dim, name_of(which), value_of(which, value));
}

void client_printer_human::disconnected(const cryo::session &, int code, std::string_view reason) {
    print(colour::yellow, "disconnected", end_text(code, reason));
}

void client_printer_human::attempt_failed(const cryo::session &, const cryo::failed_attempt &why) {
    if (!connected_before_) return;
    std::string text = reason_text(why);
    if (why.retry_in) text += "; again in " + wait_text(*why.retry_in);
    print(colour::yellow, "failed", text);
}

void client_printer_human::reconnected(const cryo::session &) {
    print(colour::green, "connected", "again");
}

void client_printer_human::closed(const cryo::session &, int code, std::string_view reason) {
    if (connected_before_) print(colour::yellow, "closed", end_text(code, reason));
}

} // namespace cryo_tool
