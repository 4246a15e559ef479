// The query of a URL that somebody has pasted.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cryo_tool {

// Takes the first parameter of this name out of the URL. Gives its value, decoded; nullopt: there is none.
std::optional<std::string> take_parameter(std::string &url, std::string_view name);

} // namespace cryo_tool
