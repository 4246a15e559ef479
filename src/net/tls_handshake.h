// TLS handshakes of clients. libwebsockets makes the TLS session and begins the handshake in one go; we step
// in between, so that each has the trust, the identity and the name of its own target. Only src/net includes
// this.
#pragma once

#include "base/status.h"
#include "net/tls_client.h"

struct lws;
struct ssl_ctx_st;

namespace cryo_core::net {

class loop_core;

// What all TLS connections of one loop's clients begin with. It trusts nobody by itself. null: `why` says
// why.
ssl_ctx_st *make_handshake_context(loop_core &core, failure &why);
void free_handshake_context(ssl_ctx_st *context) noexcept;

// No more is to be told to the connection that this handshake belongs to.
void forget_handshake(lws *wsi) noexcept;

// Why the certificate of the server is refused; status::ok when it is not.
failure certificate_trouble(lws *wsi, const std::string &host);

// "certificate required", for example.
std::string alert_text(int description);

} // namespace cryo_core::net
