// What a server's TLS looks like to the library under libwebsockets. Only src/net includes this.
#pragma once

#include "net/tls_material.h"
#include "net/tls_server.h"
#include "net/tls_server_set.h"
#include "net/tls_tickets.h"

#include <mutex>

namespace cryo_core::net {

struct server_tls::inside {
    std::mutex exchanging; // of whoever reads files for it: one at a time, and what is below is consistent
    server_tls_source source;

#ifdef CRYO_LWS_OVER_OPENSSL
    // A virtual host's context: what its connections begin with. It must not outlive this.
    bool prepare(SSL_CTX &context) noexcept;
    // Once, before there are connections. false: OpenSSL does not want to.
    bool make_common() noexcept;
    std::shared_ptr<const tls_server_set> current() const noexcept;

    mutable std::mutex mutex; // of the one below, held for a moment in each handshake
    std::shared_ptr<const tls_server_set> set;
    ticket_keys tickets;
    // What connections that are not libwebsockets' begin with, on all loops.
    ssl_context_ptr common;
#else
    std::unique_ptr<tls_material> material;
#endif
};

} // namespace cryo_core::net
