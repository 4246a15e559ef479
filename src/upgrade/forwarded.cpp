#include "upgrade/forwarded.h"

#include "upgrade/syntax.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace cryo_core::upgrade {

namespace {

// Of an address, IPv6 with an IPv4 address at its end.
constexpr std::size_t max_address_text = 45;

std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view() : trim_right(text.substr(first));
}

bool is_quote(std::string_view text, std::size_t at) noexcept {
    if (text[at] != '"') return false;
    std::size_t slashes = 0;
    while (slashes < at && text[at - 1 - slashes] == '\\')
        ++slashes;
    return slashes % 2 == 0;
}

// From the right, so that a quotation that somebody has begun and not ended swallows none of what others have
// put behind it.
std::string_view take_last_element(std::string_view &list, bool with_quotations) noexcept {
    bool quoted = false;
    for (std::size_t at = list.size(); at-- > 0;) {
        if (with_quotations && is_quote(list, at)) quoted = !quoted;
        if (list[at] != ',' || quoted) continue;
        const std::string_view last = list.substr(at + 1);
        list = list.substr(0, at);
        return last;
    }
    return std::exchange(list, {});
}

// Lists may have empty elements (RFC 9110 5.6.1), which say nothing.
std::string_view take_last_that_says(std::string_view &list, bool with_quotations) noexcept {
    while (!list.empty())
        if (const auto last = trimmed(take_last_element(list, with_quotations)); !last.empty()) return last;
    return {};
}

bool looks_like_address(std::string_view text) noexcept {
    return !text.empty() && text.size() <= max_address_text &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; });
}

// Empty and made up ones say nothing. False: it is none.
bool read_node_port(std::string_view text, std::uint16_t &into) noexcept {
    if (text.empty()) return true;
    if (text.front() != ':') return false;
    text.remove_prefix(1);
    if (text.starts_with('_')) return text.size() > 1 && std::all_of(text.begin(), text.end(), is_token_char);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

// nodename [":" node-port] (RFC 7239 section 6), and what is written in the place of it: an IPv6 address
// without brackets.
forwarded_node read_node(std::string_view text) {
    forwarded_node node;
    std::string_view host;
    std::string_view port;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return node;
        host = text.substr(1, end - 1);
        port = text.substr(end + 1);
        if (host.find(':') == std::string_view::npos) return node;
    } else if (std::count(text.begin(), text.end(), ':') > 1) {
        host = text;
    } else {
        const std::size_t colon = std::min(text.find(':'), text.size());
        host = text.substr(0, colon);
        port = text.substr(colon);
    }
    if (!read_node_port(port, node.port)) return node;
    const bool made_up = host.size() > 1 && host.front() == '_' && !text.starts_with('[');
    if ((made_up && std::all_of(host.begin(), host.end(), is_token_char)) ||
        equal_ignoring_case(host, "unknown"))
        node.is = forwarded_node::kind::hidden;
    if (!looks_like_address(host)) return node;
    node.is = forwarded_node::kind::address;
    node.host = host;
    return node;
}

// Takes the value of a pair off: a token (of any characters that do not end it), or a quotation. False: it is
// none.
bool take_pair_value(std::string_view &rest, std::string &into) {
    if (!rest.starts_with('"')) {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        const std::string_view value = trim_right(rest.substr(0, end));
        rest.remove_prefix(end);
        into = value;
        return !value.empty() && value.find('"') == std::string_view::npos;
    }
    for (std::size_t at = 1; at < rest.size(); ++at) {
        if (rest[at] == '"') {
            rest = trimmed(rest.substr(at + 1));
            return rest.empty() || rest.front() == ';';
        }
        if (rest[at] == '\\' && ++at == rest.size()) return false;
        into += rest[at];
    }
    return false;
}

} // namespace

std::optional<forwarded_node> take_last_of_x_forwarded_for(std::string_view &value) {
    const std::string_view last = take_last_that_says(value, false);
    if (last.empty()) return std::nullopt;
    return read_node(last);
}

std::optional<forwarded_node> take_last_of_forwarded(std::string_view &value) {
    std::string_view rest = take_last_that_says(value, true);
    if (rest.empty()) return std::nullopt;
    std::optional<std::string> from;
    while (!rest.empty()) {
        const std::size_t equals = rest.find_first_of("=;");
        if (equals == std::string_view::npos) return forwarded_node{};
        const std::string_view name = trimmed(rest.substr(0, equals));
        if (rest[equals] == ';') { // an empty pair
            if (!name.empty()) return forwarded_node{};
            rest.remove_prefix(equals + 1);
            continue;
        }
        rest.remove_prefix(equals + 1);
        std::string text;
        if (name.empty() || !std::all_of(name.begin(), name.end(), is_token_char) ||
            !take_pair_value(rest, text))
            return forwarded_node{};
        if (equal_ignoring_case(name, "for")) {
            if (from) return forwarded_node{};
            from = std::move(text);
        }
        if (!rest.empty()) rest.remove_prefix(1);
    }
    if (!from) return forwarded_node{.is = forwarded_node::kind::hidden};
    return read_node(*from);
}

} // namespace cryo_core::upgrade
