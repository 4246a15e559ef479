#include "upgrade/origin.h"

#include "upgrade/syntax.h"

#include <algorithm>

namespace cryo_core::upgrade {

namespace {

constexpr std::string_view opaque_origin = "null";

std::string_view port_of(std::string_view scheme) noexcept {
    if (scheme == "http" || scheme == "ws") return "80";
    if (scheme == "https" || scheme == "wss") return "443";
    return "";
}

constexpr bool is_scheme_char(char c) noexcept {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
}

// A name, in ASCII as browsers send it, or an address.
bool is_origin_host(std::string_view host) noexcept {
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        return std::all_of(host.begin() + 1, host.end() - 1,
                           [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; });
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
    });
}

} // namespace

std::optional<std::string> normal_origin(std::string_view text) {
    if (text == opaque_origin) return std::string(text);
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), to_lower);
    const std::size_t colon = lower.find("://");
    if (colon == std::string::npos || colon == 0 || !is_letter(lower.front())) return std::nullopt;
    const std::string_view scheme = std::string_view(lower).substr(0, colon);
    if (!std::all_of(scheme.begin(), scheme.end(), is_scheme_char)) return std::nullopt;

    std::string_view host = std::string_view(lower).substr(colon + 3);
    std::string_view port;
    const std::size_t end = host.rfind(':');
    if (end != std::string_view::npos && host.find(']', end) == std::string_view::npos) {
        port = host.substr(end + 1);
        host = host.substr(0, end);
        if (port.empty() || port.size() > 5 || !is_number(port)) return std::nullopt;
        while (port.size() > 1 && port.front() == '0')
            port.remove_prefix(1);
    }
    if (!is_origin_host(host)) return std::nullopt;
    std::string normal(scheme);
    (normal += "://") += host;
    if (!port.empty() && port != port_of(scheme)) (normal += ':') += port;
    return normal;
}

bool origin_is_allowed(const std::vector<std::string> &allowed, std::string_view origin) {
    if (allowed.empty() || origin.empty()) return true;
    const auto normal = normal_origin(origin);
    return normal && std::find(allowed.begin(), allowed.end(), *normal) != allowed.end();
}

} // namespace cryo_core::upgrade
