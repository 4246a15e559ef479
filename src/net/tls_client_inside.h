// What a client's TLS looks like to OpenSSL. Only src/net includes this.
#pragma once

#include "net/tls_client.h"
#include "net/transport.h"

#ifdef CRYO_LWS_OVER_OPENSSL
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace cryo_core::net {

template <auto Free>
struct freed_by {
    template <typename T>
    void operator()(T *p) const noexcept {
        Free(p);
    }
};

using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;

// What all connections of a client begin with: the trust, the identity, the versions and ciphers.
struct client_tls::inside {
    std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>> context;
};

} // namespace cryo_core::net

#endif
