#include "url_query.h"

namespace cryo_tool {
namespace {

int digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape =
            text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
        if (escape) {
            out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

} // namespace

std::optional<std::string> take_parameter(std::string &url, std::string_view name) {
    const std::size_t query = url.find('?');
    if (query == std::string::npos) return std::nullopt;
    for (std::size_t at = query + 1; at <= url.size();) {
        const std::size_t end = std::min(url.find('&', at), url.size());
        const std::string_view part = std::string_view(url).substr(at, end - at);
        const std::size_t equals = std::min(part.find('='), part.size());
        if (decoded(part.substr(0, equals)) == name) {
            std::string value = equals == part.size() ? "" : decoded(part.substr(equals + 1));
            // With the separator behind it, or, for the last one, the one before it.
            if (end < url.size())
                url.erase(at, end + 1 - at);
            else
                url.erase(at - 1);
            return value;
        }
        at = end + 1;
    }
    return std::nullopt;
}

} // namespace cryo_tool
