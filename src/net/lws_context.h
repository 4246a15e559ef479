// libwebsockets as a transport: contexts, virtual hosts and its log. Only src/net includes this.
#pragma once

#include <memory>
#include <mutex>

#include "base/status.h"
#include "net/lws_log.h"

#include <libwebsockets.h>
#include <uv.h>

#if defined(LWS_WITH_TLS) && !defined(LWS_WITH_MBEDTLS)
#define CRYO_LWS_OVER_OPENSSL
#endif

namespace cryo_core::net {

class server_tls;

// Creating and destroying contexts touches globals of libwebsockets and of its TLS library: one thread at a
// time, and from the first call of destroying one to the last.
std::recursive_mutex &contexts_mutex();

// One context on one loop, which writes to `to`. null: `why` says why.
lws_context *make_context(uv_loop_t &on, lws_log &to, failure &why);

// The virtual host that gives its connections to a link (the opaque user data), plain or with TLS, which must
// live as long as the context.
lws_vhost *make_vhost(lws_context *context, const server_tls *tls, failure &why);

// A context goes in two steps: what it has on the loop, and, when the loop has run dry, the rest.
void destroy_context(lws_context *context) noexcept;

// Servers and clients: TLS 1.2 with ephemeral keys and authenticated encryption only. TLS 1.3 has no others.
constexpr const char *tls12_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

// The protocol that make_vhost's virtual hosts speak.
constexpr const char *protocol_name = "cryo";

struct peer_certificate;
// null: the peer has shown none. Throws std::bad_alloc.
std::unique_ptr<const peer_certificate> peer_certificate_of(lws *wsi);

// Sends the TLS end of data, if there is TLS and it allows that.
void send_close_notify(lws *wsi) noexcept;

} // namespace cryo_core::net
