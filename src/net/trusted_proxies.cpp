#include "net/trusted_proxies.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace cryo_core::net {

std::string_view trusted_proxies::add(std::string_view text) {
    if (text == "unix" || text == "unix:") {
        local_ = true;
        return {};
    }
    const std::size_t slash = std::min(text.find('/'), text.size());
    std::string host(text.substr(0, slash));
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    network added{};
    if (host.find('\0') != std::string::npos || !address::parse(host, 0, added.base))
        return "a trusted proxy is an address, a network as in 10.0.0.0/8 or 2001:db8::/32, or unix; names "
               "are not "
               "looked up";
    // An IPv4 address in the form of an IPv6 one counts its bits as such.
    const bool mapped = !added.base.is_v6() && host.find(':') != std::string::npos;
    const unsigned most = added.base.is_v6() || mapped ? 128 : 32;
    added.bits = most;
    if (slash < text.size()) {
        const std::string_view digits = text.substr(slash + 1);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), added.bits);
        if (error != std::errc() || end != digits.data() + digits.size() || added.bits > most)
            return "behind the slash of a network stands the number of its bits: up to 32, or 128 for IPv6";
    }
    if (mapped) {
        if (added.bits < 96)
            return "a network of IPv4 addresses in the form of IPv6 ones has 96 bits at least";
        added.bits -= 96;
    }
    networks_.push_back(added);
    return {};
}

bool trusted_proxies::contains(const address &who) const noexcept {
    if (who.is_local()) return local_;
    return std::any_of(networks_.begin(), networks_.end(),
                       [&](const network &one) { return who.is_within(one.base, one.bits); });
}

} // namespace cryo_core::net
