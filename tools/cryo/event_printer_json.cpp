#include "event_printer_json.h"

#include "base64.h"

#include <nlohmann/json.hpp>

namespace cryo_tool {
namespace {

using json = nlohmann::ordered_json;

// Never throws for bytes that are not UTF-8 (a reason could hold some, were it from elsewhere): they become
// U+FFFD.
std::string line(const json &object) {
    return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

void event_printer_json::listening(std::string_view host, std::uint16_t port) {
    to_.line(line({{"event", "listening"}, {"host", host}, {"port", port}, {"tls", tls_}, {"cale", cale_}}));
}

void event_printer_json::session(std::string_view id, std::string_view remote) {
    to_.line(line({{"event", "session"}, {"session", id}, {"remote", remote}}));
}

void event_printer_json::message(std::string_view id, const cryo::message &what) {
    if (what.is_text())
        to_.line(line({{"event", "message-utf8"}, {"session", id}, {"data", what.text()}}));
    else
        to_.line(line({{"event", "message-binary"}, {"session", id}, {"data", to_base64(what.data())}}));
}

void event_printer_json::closed(std::string_view id, int code, std::string_view reason) {
    to_.line(line({{"event", "closed"}, {"session", id}, {"code", code}, {"reason", reason}}));
}

void event_printer_json::stat(std::string_view id, cryo::statistic which, double value) {
    json object{{"event", "stat-" + std::string(name_of(which))}, {"session", id}};
    if (which == cryo::statistic::rtt)
        object["data"] = value;
    else
        object["data"] = static_cast<std::uint64_t>(value); // these count
    to_.line(line(object));
}

} // namespace cryo_tool
