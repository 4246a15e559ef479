#include "net/proxy.h"

#include "base/bytes.h"
#include "net/address.h"
#include "upgrade/accept_key.h"
#include "upgrade/syntax.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace cryo_core::net {

namespace {

constexpr std::string_view separators = ", \t";

// False: a percent sign is followed by no two digits, or a character is none that a password may have.
bool decode_userinfo(std::string_view text, std::string &into) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const int high = text.size() - i > 2 ? upgrade::hex_value(text[i + 1]) : -1;
            const int low = high >= 0 ? upgrade::hex_value(text[i + 2]) : -1;
            if (low < 0) return false;
            c = static_cast<char>(high << 4 | low);
            i += 2;
        }
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') return false; // RFC 7617 section 2
        into += c;
    }
    return true;
}

std::string_view read_credentials(std::string_view userinfo, proxy &into) {
    const std::size_t colon = std::min(userinfo.find(':'), userinfo.size());
    std::string user, password;
    if (!decode_userinfo(userinfo.substr(0, colon), user) || user.find(':') != std::string::npos ||
        (colon < userinfo.size() && !decode_userinfo(userinfo.substr(colon + 1), password)))
        return "the user or the password of the proxy cannot be";
    into.authorization = "Basic " + upgrade::base64(as_bytes(user + ":" + password));
    return {};
}

std::string_view first_of(std::initializer_list<const char *> names) noexcept {
    for (const char *name : names)
        if (const char *const value = std::getenv(name); value != nullptr && *value != '\0') return value;
    return {};
}

struct entry {
    std::string name;
    std::uint16_t port = 0; // 0: any
};

entry read_entry(std::string_view text) {
    entry made;
    std::string_view name = text;
    if (text.starts_with('[')) {
        const std::size_t end = std::min(text.find(']'), text.size());
        name = text.substr(1, end - 1);
        text = text.substr(std::min(end + 1, text.size()));
    } else {
        const std::size_t colon = text.find(':');
        const bool has_port =
            colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos;
        name = text.substr(0, has_port ? colon : text.size());
        text = text.substr(name.size());
    }
    if (text.starts_with(':')) std::from_chars(text.data() + 1, text.data() + text.size(), made.port);
    if (name.starts_with("*.")) name.remove_prefix(1);
    if (name.starts_with('.')) name.remove_prefix(1);
    made.name = name;
    return made;
}

bool is_in_network(const address &host, const std::string &network) {
    const std::size_t slash = network.find('/');
    address base;
    unsigned bits = 0;
    const auto [end, error] =
        std::from_chars(network.data() + slash + 1, network.data() + network.size(), bits);
    return error == std::errc() && end == network.data() + network.size() &&
           address::parse(network.substr(0, slash), 0, base) && host.is_within(base, bits);
}

bool names(const entry &one, std::string_view host) {
    if (one.name == "*") return true;
    address number, other;
    if (address::parse(std::string(host), 0, number)) {
        if (one.name.find('/') != std::string::npos) return is_in_network(number, one.name);
        return address::parse(one.name, 0, other) && number.text() == other.text();
    }
    if (one.name.empty() || host.size() < one.name.size()) return false;
    const std::string_view end = host.substr(host.size() - one.name.size());
    return upgrade::equal_ignoring_case(end, one.name) &&
           (end.size() == host.size() || host[host.size() - end.size() - 1] == '.');
}

} // namespace

std::string_view parse_proxy(std::string_view text, proxy &into) {
    into = {};
    constexpr std::string_view scheme = "http://";
    if (upgrade::equal_ignoring_case(text.substr(0, scheme.size()), scheme))
        text.remove_prefix(scheme.size());
    else if (text.find("://") != std::string_view::npos)
        return "a proxy is http://";
    if (text.ends_with('/')) text.remove_suffix(1);
    if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
        if (const auto wrong = read_credentials(text.substr(0, at), into); !wrong.empty()) return wrong;
        text.remove_prefix(at + 1);
    }
    if (text.find_first_of("/?#") != std::string_view::npos) return "a proxy has no path";
    url place;
    if (const auto wrong = parse_url("ws://" + std::string(text), place); !wrong.empty()) return wrong;
    into.host = std::move(place.host);
    into.port = place.port;
    return {};
}

bool names_host(std::string_view list, const std::string &host, std::uint16_t port) {
    std::string_view bare = host;
    if (bare.ends_with('.')) bare.remove_suffix(1);
    while (!list.empty()) {
        const std::size_t begin = std::min(list.find_first_not_of(separators), list.size());
        list.remove_prefix(begin);
        const std::size_t end = std::min(list.find_first_of(separators), list.size());
        const entry one = read_entry(list.substr(0, end));
        if (end > 0 && (one.port == 0 || one.port == port) && names(one, bare)) return true;
        list.remove_prefix(end);
    }
    return false;
}

std::optional<proxy> proxy_of_environment(const url &to, failure &why) {
    const std::string_view text =
        to.tls ? first_of({"https_proxy", "HTTPS_PROXY"}) : first_of({"http_proxy"});
    if (text.empty() || names_host(first_of({"no_proxy", "NO_PROXY"}), to.host, to.port)) return std::nullopt;
    proxy made;
    const std::string_view wrong = parse_proxy(text, made);
    if (wrong.empty()) return made;
    why = {status::invalid,
           std::string(to.tls ? "https_proxy" : "http_proxy") + " in the environment: " + std::string(wrong)};
    return std::nullopt;
}

} // namespace cryo_core::net
