#include "server/client_address.h"

#include "upgrade/forwarded.h"

namespace cryo_core {

namespace {

using take_last = std::optional<upgrade::forwarded_node> (*)(std::string_view &);

net::address walk(net::address at, std::string_view way, take_last take,
                  const net::trusted_proxies &trusted) {
    while (trusted.contains(at)) {
        const auto station = take(way);
        net::address before;
        if (!station || station->is != upgrade::forwarded_node::kind::address ||
            !net::address::parse(station->host, station->port, before))
            return at;
        at = before;
    }
    return at;
}

} // namespace

std::optional<net::address> client_address(const net::address &remote, const upgrade::request &head,
                                           const net::trusted_proxies &trusted, forwarded_header which) {
    const bool any = which == forwarded_header::any;
    const bool x = (any && !head.x_forwarded_for.empty()) || which == forwarded_header::x_forwarded_for;
    const bool rfc = (any && !head.forwarded.empty()) || which == forwarded_header::forwarded;
    if (!x && !rfc) return remote;
    const auto by_x = x ? walk(remote, head.x_forwarded_for, upgrade::take_last_of_x_forwarded_for, trusted)
                        : net::address();
    if (!rfc) return by_x;
    const auto by_rfc = walk(remote, head.forwarded, upgrade::take_last_of_forwarded, trusted);
    if (x && !by_x.is_host_of(by_rfc)) return std::nullopt;
    return by_rfc.port() == 0 && x ? by_x : by_rfc;
}

} // namespace cryo_core
