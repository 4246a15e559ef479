// A certificate with its chain and its key, as a connection of OpenSSL's shows it. Only src/net includes
// this.
#pragma once

#include "net/tls.h"
#include "net/tls_reading.h"

#ifdef CRYO_LWS_OVER_OPENSSL

namespace cryo_core::net {

// What both ends begin with: the versions and the ciphers. null: `why` has tls.
ssl_context_ptr make_ssl_context(const SSL_METHOD *method, tls_version least, failure &why);

int openssl_version_of(tls_version version) noexcept;

// Read, checked and given to the context. false: `why` says what is wrong, by tls_file, permission,
// tls_certificate, tls_key, tls_mismatch, tls_expired, or tls.
bool use_identity(SSL_CTX &context, const tls_source &from, failure &why);

} // namespace cryo_core::net

#endif
