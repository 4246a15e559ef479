#include "event_printer_json.h"

#include "json_line.h"

namespace cryo_tool {

void event_printer_json::listening(std::string_view host, std::uint16_t port, cryo::transport over) {
    to_.line(json_line({{"event", "listening"},
                        {"host", host},
                        {"port", port},
                        {"tls", tls_},
                        {"cale", cale_},
                        {"transport", name_of(over)}}));
}

void event_printer_json::session(std::string_view id, std::string_view remote, std::string_view proxy) {
    if (proxy.empty())
        return to_.line(json_line({{"event", "session"}, {"session", id}, {"remote", remote}}));
    to_.line(json_line({{"event", "session"}, {"session", id}, {"remote", remote}, {"proxy", proxy}}));
}

void event_printer_json::message(std::string_view id, const cryo::message &what) {
    to_.line(json_message("message", id, what));
}

void event_printer_json::dropped(std::string_view id, cryo::drop_reason why, std::size_t bytes) {
    to_.line(json_dropped(id, why, bytes));
}

void event_printer_json::disconnected(std::string_view id, int code, std::string_view reason) {
    to_.line(json_end("disconnected", id, code, reason));
}

void event_printer_json::reconnected(std::string_view id) {
    to_.line(json_line({{"event", "reconnected"}, {"session", id}}));
}

void event_printer_json::closed(std::string_view id, int code, std::string_view reason) {
    to_.line(json_end("closed", id, code, reason));
}

void event_printer_json::stat(std::string_view id, cryo::statistic which, double value) {
    to_.line(json_stat(id, which, value));
}

void event_printer_json::reloaded(std::size_t tokens) {
    to_.line(json_line({{"event", "reloaded"}, {"tokens", tokens}}));
}

} // namespace cryo_tool
