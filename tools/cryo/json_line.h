// Events as JSON, one object a line: the keys and their order are an interface, see docs.
#pragma once

#include <cryo.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace cryo_tool {

using json = nlohmann::ordered_json;

// Never throws for bytes that are not UTF-8 (a reason could hold some, were it from elsewhere): they become
// U+FFFD.
std::string json_line(const json &object);

// What servers and clients have in common. `name` is "message" or "lost", "closed" or "disconnected".
std::string json_message(const std::string &name, std::string_view id, const cryo::message &what);
std::string json_end(const std::string &name, std::string_view id, int code, std::string_view reason);
std::string json_dropped(std::string_view id, cryo::drop_reason why, std::size_t bytes);
std::string json_stat(std::string_view id, cryo::statistic which, double value);

} // namespace cryo_tool
