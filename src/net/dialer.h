// Connecting to a server: one attempt, from its name to the WebSocket.
//
// The name is looked up off the loop, its addresses race (RFC 8305), then come TLS and the upgrade. All of it
// has one time-out. Redirections are not followed, extensions and subprotocols not offered.
#pragma once

#include "base/clock.h"
#include "net/address.h"
#include "net/proxy.h"
#include "net/tls_client.h"
#include "net/ws_link.h"

#include <memory>
#include <optional>
#include <vector>

namespace cryo_core::net {

// The longest path and query. Hardly any server takes longer ones.
constexpr std::size_t max_target_size = 64 * 1024;

struct dial_target {
    std::shared_ptr<const client_tls> tls{}; // null: plain
    std::string host{};                      // a name or an address, IPv6 without brackets; or "unix:/path"
    std::uint16_t port = 0;
    std::string path_and_query = "/"; // goes out as it is
    std::string headers{};            // more of them, each with its line end (upgrade/own_header.h)

    std::optional<proxy> through{}; // a proxy, which looks the host up itself; none: straight there

    // Where it is, tried in this order, with the port of each, up to max_addresses (net/connector.h); empty:
    // the host, or the proxy, is looked up.
    std::vector<address> addresses{};

    // A header of the answer that is kept (ws_link::wanted_header), by its name in lower case; empty: none. A
    // literal.
    std::string_view wanted_header{};

    // For the whole attempt. Keeps a server that accepts and says nothing from holding it for ever.
    time_us timeout = from_ms(10'000);

    // Bytes in one message, fragments added up. Bounds the memory that the server can make us hold.
    std::uint64_t max_message = 16 * 1024 * 1024;
};

class dialer {
  public:
    // On the loop's thread, while it runs or before. The handler is not called inside of this; it must live
    // until its on_gone.
    static ws_link &dial(loop &on, dial_target to, ws_link_handler &handler);
};

} // namespace cryo_core::net
