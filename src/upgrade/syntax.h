// The small words of HTTP's grammar (RFC 9110 5.6, RFC 9112 3) as predicates.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace cryo_core::upgrade {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr bool is_letter(char c) noexcept {
    return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}

// -1: none.
constexpr int hex_value(char c) noexcept {
    if (is_digit(c)) return c - '0';
    const char lower = to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

namespace tables {

// Looked up for each byte of a request's names.
inline constexpr auto token_chars = [] {
    std::array<bool, 256> is{};
    for (int c = 0; c < 256; ++c) {
        const auto letter = static_cast<char>(c);
        is[static_cast<std::size_t>(c)] = is_digit(letter) || is_letter(letter);
    }
    for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
        is[static_cast<unsigned char>(c)] = true;
    return is;
}();

} // namespace tables

constexpr bool is_token_char(char c) noexcept {
    return tables::token_chars[static_cast<unsigned char>(c)];
}

// Wider than RFC 3986, as the URL standard leaves a few more as they are; a fragment is never sent.
constexpr bool is_target_char(char c) noexcept {
    return c > ' ' && c < '\x7f' && c != '#';
}

constexpr bool is_value_char(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= 0x20 && byte != 0x7f);
}

constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

bool is_number(std::string_view text) noexcept;
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;
std::string_view trim_right(std::string_view text) noexcept;

// Host: a name or address, and perhaps a port. By its characters only, and it may be empty (RFC 9110 7.2).
bool is_host(std::string_view text) noexcept;

// A comma-separated list that names the token, in any case (RFC 9110 5.6.1).
bool list_has_token(std::string_view list, std::string_view token) noexcept;

struct target_parts {
    std::string_view authority; // of a whole URL, else empty
    std::string_view path;
    std::string_view query;
};

// Origin form and absolute form (RFC 9112 3.2); nothing for the forms that only proxies and OPTIONS use.
std::optional<target_parts> split_target(std::string_view target) noexcept;

} // namespace cryo_core::upgrade
