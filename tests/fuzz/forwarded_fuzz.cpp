// X-Forwarded-For and Forwarded: whatever stands there, the client is an address; and whatever a client
// begins with, what a trusted proxy puts behind it is what counts. The first byte chooses the header.
#include "server/client_address.h"
#include "upgrade/forwarded.h"

#include <cstdlib>
#include <string>

using namespace cryo_core;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

net::address parsed(const char *text) {
    net::address at;
    require(net::address::parse(text, 0, at));
    return at;
}

const net::trusted_proxies &trusted() {
    static const net::trusted_proxies all = [] {
        net::trusted_proxies made;
        require(made.add("10.0.0.0/8").empty());
        return made;
    }();
    return all;
}

void take_all(std::string_view value, std::optional<upgrade::forwarded_node> (*take)(std::string_view &)) {
    std::size_t before = value.size() + 1;
    while (const auto node = take(value)) {
        require(value.size() < before);
        before = value.size();
        require((node->is == upgrade::forwarded_node::kind::address) == !node->host.empty());
        require(node->host.find_first_not_of("0123456789abcdefABCDEF:.") == std::string::npos);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    if (size < 1) return 0;
    const std::string value(as_text(bytes_view(data, size).subspan(1)));
    const bool rfc = data[0] % 2 == 1;
    take_all(value, rfc ? upgrade::take_last_of_forwarded : upgrade::take_last_of_x_forwarded_for);

    const net::address proxy = parsed("10.0.0.1");
    const auto client_of = [&](const std::string &text) {
        upgrade::request head;
        (rfc ? head.forwarded : head.x_forwarded_for) = text;
        return client_address(proxy, head, trusted(), forwarded_header::any);
    };
    const auto client = client_of(value);
    require(client && client->text() != "unknown" && !client->is_local());
    const auto behind = client_of(value + (rfc ? ", for=192.0.2.7" : ", 192.0.2.7"));
    require(behind && behind->is_host_of(parsed("192.0.2.7")));
    return 0;
}
