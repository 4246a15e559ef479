#include "upgrade/syntax.h"

#include <algorithm>

namespace cryo_core::upgrade {

namespace {

constexpr std::string_view white_space = " \t";

std::string_view trim_left(std::string_view text) {
    const auto first = text.find_first_not_of(white_space);
    return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

bool is_host_char(char c) {
    return is_digit(c) || is_letter(c) ||
           std::string_view("-._~!$&'()*+,;=%:[]").find(c) != std::string_view::npos;
}

// How long "http://" or the like is at the front, 0 if there is none.
std::size_t scheme_size(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://", "ws://", "wss://"})
        if (equal_ignoring_case(target.substr(0, scheme.size()), scheme)) return scheme.size();
    return 0;
}

} // namespace

bool is_number(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::string_view trim_right(std::string_view text) noexcept {
    const auto last = text.find_last_not_of(white_space);
    return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

bool is_host(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), is_host_char);
}

bool list_has_token(std::string_view list, std::string_view token) noexcept {
    for (;;) {
        const auto comma = list.find(',');
        if (equal_ignoring_case(trim_right(trim_left(list.substr(0, comma))), token)) return true;
        if (comma == std::string_view::npos) return false;
        list.remove_prefix(comma + 1);
    }
}

std::optional<target_parts> split_target(std::string_view target) noexcept {
    target_parts parts;
    if (const auto scheme = scheme_size(target); scheme != 0) {
        target.remove_prefix(scheme);
        const auto end = std::min(target.find_first_of("/?"), target.size());
        parts.authority = target.substr(0, end);
        if (parts.authority.empty() || !is_host(parts.authority)) return std::nullopt;
        target.remove_prefix(end);
    } else if (target.empty() || target.front() != '/') {
        return std::nullopt;
    }
    const auto mark = std::min(target.find('?'), target.size());
    parts.path = mark == 0 ? std::string_view("/") : target.substr(0, mark);
    if (mark < target.size()) parts.query = target.substr(mark + 1);
    return parts;
}

} // namespace cryo_core::upgrade
