#include "json_line.h"

#include "base64.h"
#include "event_text.h"

namespace cryo_tool {

std::string json_line(const json &object) {
    return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string json_message(const std::string &name, std::string_view id, const cryo::message &what) {
    json object{{"event", name + (what.is_text() ? "-utf8" : "-binary")}, {"session", id}};
    if (what.is_text())
        object["data"] = what.text();
    else
        object["data"] = to_base64(what.data());
    return json_line(object);
}

std::string json_end(const std::string &name, std::string_view id, int code, std::string_view reason) {
    return json_line({{"event", name}, {"session", id}, {"code", code}, {"reason", reason}});
}

std::string json_dropped(std::string_view id, cryo::drop_reason why, std::size_t bytes) {
    return json_line({{"event", "dropped"}, {"session", id}, {"reason", name_of(why)}, {"bytes", bytes}});
}

std::string json_stat(std::string_view id, cryo::statistic which, double value) {
    json object{{"event", "stat-" + std::string(name_of(which))}, {"session", id}};
    if (which == cryo::statistic::rtt)
        object["data"] = value;
    else
        object["data"] = static_cast<std::uint64_t>(value); // these count
    return json_line(object);
}

} // namespace cryo_tool
