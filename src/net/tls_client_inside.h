// What a client's TLS looks like to OpenSSL. Only src/net includes this.
#pragma once

#include "net/openssl.h"
#include "net/tls_client.h"

#ifdef CRYO_LWS_OVER_OPENSSL

namespace cryo_core::net {

// What all connections of a client begin with: the trust, the identity, the versions and ciphers.
struct client_tls::inside {
    ssl_context_ptr context;
};

} // namespace cryo_core::net

#endif
