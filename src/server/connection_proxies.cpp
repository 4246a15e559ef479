// Where a client is, and by which proxy it has come.
#include "server/client_address.h"
#include "server/connection.h"
#include "server/service.h"

namespace cryo_core {

// Whose request a trusted proxy has brought. False: that is not clear, and it is refused.
bool connection::find_client(const upgrade::request &request) {
    const server_options &options = service_.options();
    if (!options.trusted_proxies.contains(link_.remote())) return true;
    const auto client = client_address(link_.remote(), request, options.trusted_proxies, options.forwarded);
    if (!client) {
        refuse(
            400,
            "Forwarded and X-Forwarded-For name two clients. Let the server go by one of them, or the proxy "
            "remove the other.");
        return false;
    }
    link_.set_remote(*client);
    if (!service_.is_counted(*client)) return true;
    over_address_limit_ = uncounted_ = !service_.count_in(*client);
    return true;
}

// Where the connection comes from, if that is not where the client is.
std::string connection::proxy_address() const {
    if (service_.options().trusted_proxies.empty()) return {};
    const net::address peer = link_.peer();
    const bool own = peer.is_host_of(link_.remote()) && peer.port() == link_.remote().port();
    return own ? std::string() : peer.text();
}

} // namespace cryo_core
