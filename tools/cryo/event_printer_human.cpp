#include "event_printer_human.h"

#include "display_text.h"
#include "event_text.h"

namespace cryo_tool {

void event_printer_human::print(colour with, std::string_view id, std::string_view event,
                                std::string_view rest) {
    constexpr std::size_t short_id = 8;
    constexpr std::size_t event_width = 11;
    std::string name(event);
    name.resize(std::max(event_width, name.size()), ' ');
    std::string text = paint_(colour::dim, time_of_day()) + "  ";
    text += style_.verbose ? id : id.substr(0, short_id);
    text += "  " + paint_(with, name) + "  ";
    text += rest;
    to_.line(text);
}

void event_printer_human::listening(std::string_view host, std::uint16_t port, cryo::transport over) {
    if (style_.quiet) return;
    constexpr std::size_t max_place = 512;
    std::string place(host);
    if (!host.starts_with("unix:")) {
        if (host.find(':') != std::string_view::npos) place = "[" + place + "]";
        place = (style_.tls ? "wss://" : "ws://") + place + ":" + std::to_string(port);
    }
    to_.line(paint_(colour::green, "listening") + " on " + display_text(place, max_place) + "  (" +
             style_.mode + (style_.cale ? ", CALE" : "") +
             (style_.verbose ? std::string(", over ") + name_of(over) : std::string()) + ")");
}

void event_printer_human::session(std::string_view id, std::string_view remote, std::string_view proxy) {
    if (style_.quiet) return;
    std::string from = "from " + display_text(remote, 64);
    if (!proxy.empty()) from += " by " + display_text(proxy, 64);
    print(colour::green, id, "session", from);
}

void event_printer_human::message(std::string_view id, const cryo::message &what) {
    if (style_.quiet) return;
    print(colour::cyan, id, what.is_text() ? "text" : "binary", excerpt(what, style_.verbose ? 1000 : 60));
}

// Of a session that falls behind there is a warning, and this would be a line for each message that it
// misses.
void event_printer_human::dropped(std::string_view id, cryo::drop_reason why, std::size_t bytes) {
    if (style_.quiet || !style_.verbose) return;
    print(colour::yellow, id, "dropped",
          display_size(static_cast<double>(bytes)) + " (" + std::string(name_of(why)) + ")");
}

void event_printer_human::disconnected(std::string_view id, int code, std::string_view reason) {
    if (style_.quiet) return;
    print(colour::yellow, id, "disconnected", std::to_string(code) + " " + display_text(reason, 130));
}

void event_printer_human::reconnected(std::string_view id) {
    if (style_.quiet) return;
    print(colour::green, id, "reconnected", "");
}

void event_printer_human::closed(std::string_view id, int code, std::string_view reason) {
    if (style_.quiet) return;
    print(colour::yellow, id, "closed", std::to_string(code) + " " + display_text(reason, 130));
}

void event_printer_human::stat(std::string_view id, cryo::statistic which, double value) {
    if (style_.quiet || !style_.verbose) return;
    print(colour::dim, id, name_of(which), value_of(which, value));
}

void event_printer_human::reloaded(std::size_t tokens) {
    if (style_.quiet) return;
    to_.line(paint_(colour::green, "reloaded") + "  " + std::to_string(tokens) +
             (tokens == 1 ? " token" : " tokens") + (style_.tls ? ", certificate and key" : ""));
}

} // namespace cryo_tool
