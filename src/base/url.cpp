#include "base/url.h"

#include <algorithm>

namespace cryo_core {

namespace {

constexpr std::size_t max_host = 255;

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_hex(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_unreserved(char c) noexcept {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

template <typename F>
bool all(std::string_view text, F f) noexcept {
    return std::all_of(text.begin(), text.end(), f);
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char &c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

// Takes the scheme off.
std::string_view read_scheme(std::string_view &rest, url &into) {
    if (lower(rest.substr(0, 5)) == "unix:")
        return "a Unix-domain socket is written as in ws+unix:/run/cryo.sock:/path";
    const std::size_t end = rest.find("://");
    if (end == std::string_view::npos) return "a URL begins with ws:// or wss://";
    const std::string scheme = lower(rest.substr(0, end));
    if (scheme != "ws" && scheme != "wss") return "the scheme is neither ws nor wss, nor ws+unix";
    into.tls = scheme == "wss";
    rest.remove_prefix(end + 3);
    return {};
}

std::string_view read_port(std::string_view digits, url &into) {
    into.port = into.tls ? 443 : 80;
    if (digits.empty()) return {}; // "host:" too (RFC 3986 section 3.2.3)
    std::uint32_t port = 0;
    for (const char c : digits) {
        if (!is_digit(c)) return "the port is no number";
        port = port * 10 + static_cast<std::uint32_t>(c - '0');
        if (port > 65535) return "the port is over 65535";
    }
    if (port == 0) return "there is no port 0 to connect to";
    into.port = static_cast<std::uint16_t>(port);
    return {};
}

int hex_digit(char c) noexcept {
    return is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

// What is behind the address in "fe80::1%25eth0", where the percent sign is encoded and the zone may be, or
// in "fe80::1%eth0". False: it is none.
bool read_zone(std::string_view text, std::string &host) {
    const bool encoded = text.starts_with("25") && text.size() > 2;
    if (encoded) text.remove_prefix(2);
    if (text.empty()) return false;
    host += '%';
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (encoded && c == '%') {
            if (text.size() - i < 3 || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
            c = static_cast<char>(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
            i += 2;
            if (c <= ' ' || c >= 0x7f || c == '/' || c == '%' || c == ']')
                return false; // no interface has it
        } else if (!is_unreserved(c)) {
            return false;
        }
        host += c;
    }
    return true;
}

std::string_view read_ipv6(std::string_view text, url &into) {
    const std::size_t percent = std::min(text.find('%'), text.size());
    const std::string_view bare = text.substr(0, percent);
    into.host = lower(bare);
    if (bare.find(':') == std::string_view::npos ||
        !all(bare, [](char c) { return is_hex(c) || c == ':' || c == '.'; }) ||
        (percent < text.size() && !read_zone(text.substr(percent + 1), into.host)))
        return "what is in brackets is no IPv6 address";
    return {};
}

std::string_view read_authority(std::string_view text, url &into) {
    if (text.find('@') != std::string_view::npos) return "a WebSocket URL has no user and password";
    std::string_view host = text;
    std::string_view port;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return "the bracket of the IPv6 address is not closed";
        host = text.substr(1, end - 1);
        port = text.substr(end + 1);
        if (!port.empty() && !port.starts_with(':')) return "there is something behind the IPv6 address";
        if (const auto wrong = read_ipv6(host, into); !wrong.empty()) return wrong;
    } else {
        if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
            host = text.substr(0, colon);
            port = text.substr(colon);
        }
        if (host.empty()) return "there is no host";
        // Names in other scripts are to be given in their ASCII form (xn--…).
        if (!all(host, is_unreserved)) return "the host has characters that no host has";
        into.host = lower(host);
    }
    if (host.size() > max_host) return "the host is too long";
    return read_port(port.empty() ? port : port.substr(1), into);
}

// RFC 3986 section 3.3 and 3.4
bool may_stand_in_target(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
        } else if (!is_unreserved(c) &&
                   std::string_view("!$&'()*+,;=:@/?").find(c) == std::string_view::npos) {
            return false;
        }
    }
    return true;
}

// Splits a target, and looks at what is in it.
std::string_view read_target(std::string_view target, url &into) {
    if (!may_stand_in_target(target))
        return "the path or the query has characters that are not percent-encoded";
    const std::size_t mark = std::min(target.find('?'), target.size());
    into.path = target.substr(0, mark);
    if (into.path.empty()) into.path = "/";
    if (mark < target.size()) into.query = target.substr(mark + 1);
    return {};
}

// False: a percent sign is not followed by two digits, or a zero byte is in it.
bool read_encoded(std::string_view text, std::string &into) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
            c = static_cast<char>(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
            i += 2;
        }
        if (c == '\0') return false;
        into += c;
    }
    return true;
}

constexpr std::string_view unix_scheme = "ws+unix:";

// As the Node package ws has them. A colon or a question mark in the path of the socket is percent-encoded.
std::string_view parse_unix_url(std::string_view text, url &into) {
    text.remove_prefix(unix_scheme.size());
    if (text.find('#') != std::string_view::npos) return "a WebSocket URL has no fragment (#…)";
    if (text.starts_with("//")) text.remove_prefix(2);
    const std::size_t end = std::min(text.find_first_of(":?"), text.size());
    const std::string_view path = text.substr(0, end);
    if (path.size() < 2 || (path.front() != '/' && path.front() != '@'))
        return "a Unix-domain socket's path begins with a slash, as in ws+unix:/run/cryo.sock:/path";
    into.host = "unix:";
    if (!read_encoded(path, into.host))
        return "the path of the socket has a percent sign that encodes nothing";
    std::string_view target = text.substr(end);
    if (target.starts_with(':')) target.remove_prefix(1);
    if (!target.empty() && target.front() != '/' && target.front() != '?')
        return "behind the socket's path and a colon stands a path that begins with a slash";
    return read_target(target, into);
}

} // namespace

std::string url::path_and_query() const {
    return query.empty() ? path : path + "?" + query;
}

std::string url::origin() const {
    if (is_unix()) return "ws+" + host;
    std::string text = tls ? "wss://" : "ws://";
    const std::size_t percent = std::min(host.find('%'), host.size());
    text += host.find(':') == std::string::npos ? host : "[" + host.substr(0, percent);
    if (percent < host.size()) text += "%25" + percent_encoded(std::string_view(host).substr(percent + 1));
    if (host.find(':') != std::string::npos) text += "]";
    if (port != (tls ? 443 : 80)) text += ":" + std::to_string(port);
    return text;
}

std::string_view parse_url(std::string_view text, url &into) {
    into = {};
    if (lower(text.substr(0, unix_scheme.size())) == unix_scheme) return parse_unix_url(text, into);
    if (const auto wrong = read_scheme(text, into); !wrong.empty()) return wrong;
    if (text.find('#') != std::string_view::npos) return "a WebSocket URL has no fragment (#…)";
    const std::size_t end = std::min(text.find_first_of("/?"), text.size());
    if (const auto wrong = read_authority(text.substr(0, end), into); !wrong.empty()) return wrong;
    return read_target(text.substr(end), into);
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c)) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

void add_parameter(std::string &query, std::string_view name, std::string_view value) {
    if (!query.empty() && !query.ends_with('&')) query += '&';
    query += percent_encoded(name) + "=" + percent_encoded(value);
}

} // namespace cryo_core
