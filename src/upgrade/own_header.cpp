#include "upgrade/own_header.h"

#include "upgrade/syntax.h"

#include <algorithm>

namespace cryo_core::upgrade {

namespace {

constexpr std::string_view reserved_names[] = {
    "host",       "connection",       "upgrade", "content-length",      "transfer-encoding",
    "expect",     "proxy-connection", "te",      "proxy-authorization", "trailer",
    "keep-alive",
};

constexpr std::string_view reserved_prefix = "sec-websocket-";

} // namespace

std::string_view own_header_trouble(std::string_view name, std::string_view value) noexcept {
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_token_char))
        return "the name of a header consists of letters, digits and !#$%&'*+-.^_`|~";
    const auto is_name = [&](std::string_view reserved) { return equal_ignoring_case(name, reserved); };
    if (std::any_of(std::begin(reserved_names), std::end(reserved_names), is_name) ||
        equal_ignoring_case(name.substr(0, reserved_prefix.size()), reserved_prefix))
        return "this header is the handshake's, or between this side and a proxy";
    if (!std::all_of(value.begin(), value.end(), is_value_char))
        return "the value of a header has no line ends and no control characters";
    if (!value.empty() && (value.front() == ' ' || value.front() == '\t' || trim_right(value) != value))
        return "the value of a header neither begins nor ends with white space";
    return {};
}

} // namespace cryo_core::upgrade
