// libwebsockets as a transport: contexts, virtual hosts and its log. Only src/net includes this.
#pragma once

#include <mutex>

#include "base/status.h"
#include "net/tls.h"

#include <libwebsockets.h>
#include <uv.h>

namespace cryo_core::net {

// Creating and destroying contexts touches globals of libwebsockets and of its TLS library: one thread at a
// time, and from the first call of destroying one to the last.
std::recursive_mutex &contexts_mutex();

// One context on one loop. null: `why` says why.
lws_context *make_context(uv_loop_t &on, failure &why);

// The virtual host that gives its connections to a link (the opaque user data), plain or with TLS.
lws_vhost *make_vhost(lws_context *context, const tls_material *tls, failure &why);

// A context goes in two steps: what it has on the loop, and, when the loop has run dry, the rest.
void destroy_context(lws_context *context) noexcept;

// The protocol that make_vhost's virtual hosts speak.
constexpr const char *protocol_name = "cryo";

// Sends the TLS end of data, if there is TLS and it allows that.
void send_close_notify(lws *wsi) noexcept;

} // namespace cryo_core::net
