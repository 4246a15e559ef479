#include "session/resume_point.h"

#include <charconv>
#include <cstdio>

namespace cryo_core {

namespace {

constexpr std::string_view no_conversation = "new";
constexpr std::size_t digits = 16;

template <typename Number>
bool read_all(std::string_view text, Number &out, int base) noexcept {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
    return error == std::errc() && end == text.data() + text.size();
}

} // namespace

std::string resume_point::text() const {
    if (conversation == 0) return std::string(no_conversation);
    char hex[digits + 1];
    std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(conversation));
    return hex + ("." + std::to_string(received));
}

std::optional<resume_point> resume_point::parse(std::string_view text) noexcept {
    resume_point read;
    if (text == no_conversation) return read;
    if (text.size() < digits + 2 || text[digits] != '.' ||
        !read_all(text.substr(0, digits), read.conversation, 16) || read.conversation == 0 ||
        !read_all(text.substr(digits + 1), read.received, 10))
        return std::nullopt;
    return read;
}

} // namespace cryo_core
