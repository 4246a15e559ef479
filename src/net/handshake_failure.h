// Why the TLS handshake of a client fails, which libwebsockets keeps to itself. Only src/net includes this.
#pragma once

#include "net/lws_context.h"

#ifdef CRYO_LWS_OVER_OPENSSL
#include <openssl/ssl.h>
#endif

namespace cryo_core::net {

#ifdef CRYO_LWS_OVER_OPENSSL
// Remembers for its thread how handshakes of this context fail.
void watch_handshakes(SSL_CTX *context) noexcept;
// As below, of a connection that is not libwebsockets'.
const char *take_handshake_failure(SSL *ssl) noexcept;
void forget_handshake_failure(const SSL *ssl) noexcept;
#endif

// Of the connection that ends, on the thread of its loop. Null: its handshake did not fail, or its peer has
// sent no byte, as those that look whether the port is open do. Static text.
const char *take_handshake_failure(lws *wsi) noexcept;

// Whether a handshake that was begun is not finished.
bool handshake_is_under_way(lws *wsi) noexcept;

} // namespace cryo_core::net
