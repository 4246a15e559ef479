// A server's TLS while it runs.
#include "server/server.h"

namespace cryo_core {

failure server::running_tls(std::shared_ptr<net::server_tls> &out) {
    const std::lock_guard lock(mutex_);
    if (state_ == state::fresh) return {status::state, "The server was not started."};
    if (state_ != state::running) return {status::closed, "The server has stopped."};
    if (!tls_) return {status::state, "The server was started without TLS."};
    out = tls_;
    return {};
}

failure server::exchange_tls(const net::server_tls_source *with) {
    std::shared_ptr<net::server_tls> tls;
    if (failure why = running_tls(tls)) return why;
    return with == nullptr ? tls->reload() : tls->exchange(*with);
}

failure server::set_ticket_keys(bytes_view keys) {
    std::shared_ptr<net::server_tls> tls;
    if (failure why = running_tls(tls)) return why;
    return tls->set_ticket_keys(keys);
}

} // namespace cryo_core
