// What the clients of a loop share in libwebsockets: virtual hosts for plain and for TLS connections, made
// when the first of them is needed. Only src/net includes this.
#pragma once

#include "base/status.h"
#include "net/ring.h"

struct lws_vhost;
struct ssl_ctx_st;

namespace cryo_core::net {

class loop_core;
class ws_connection;

namespace rings {
struct dialing;
}

class client_host {
  public:
    explicit client_host(loop_core &core) noexcept : core_(core) {}
    client_host(const client_host &) = delete;
    client_host &operator=(const client_host &) = delete;
    ~client_host(); // when the context has gone

    // null: `why` says why.
    lws_vhost *vhost(bool tls, failure &why);

    // Attempts that are under way, so that a TLS handshake finds the one that it belongs to.
    ring<ws_connection, rings::dialing> &dialing() noexcept { return dialing_; }

    // The protocol that the virtual hosts speak.
    static constexpr const char *protocol = "cryo-client";

  private:
    lws_vhost *make(bool tls, failure &why);

    loop_core &core_;
    lws_vhost *plain_ = nullptr;
    lws_vhost *tls_ = nullptr;
    ssl_ctx_st *tls_context_ = nullptr;
    ring<ws_connection, rings::dialing> dialing_;
};

} // namespace cryo_core::net
