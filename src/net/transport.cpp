#include "net/transport.h"

#include "net/loop.h"
#include "net/lws_context.h"
#include "net/tls_peer.h"
#include "net/transport_each.h"
#include "net/transport_epoll.h"
#include "net/transport_libwebsockets.h"

namespace cryo_core::net {

namespace {

// The TLS of links is over OpenSSL (net/tls_link.h).
#ifdef CRYO_LWS_OVER_OPENSSL
constexpr bool poll_has_tls = true;
#else
constexpr bool poll_has_tls = false;
#endif

} // namespace

transport_kind resolved(transport_kind asked, bool tls) noexcept {
    if (asked != transport_kind::automatic) return asked;
    return tls && !poll_has_tls ? transport_kind::libwebsockets : transport_kind::poll;
}

const char *name_of(transport_kind kind) noexcept {
    switch (kind) {
    case transport_kind::automatic:
        return "auto";
    case transport_kind::libwebsockets:
        return "libwebsockets";
    case transport_kind::poll:
    case transport_kind::poll_each:
        break;
    }
    return "poll";
}

std::unique_ptr<const peer_certificate> transport::certificate_of(const link &) const {
    return nullptr;
}

std::unique_ptr<transport> transport::make(loop_core &core, const loop_options &options, failure &why) {
    const transport_kind kind = resolved(options.transport, options.tls != nullptr);
    if (kind == transport_kind::libwebsockets) return transport_libwebsockets::open(core, options, why);
    if (options.tls != nullptr && !poll_has_tls) {
        why = {status::unsupported, "the transport \"poll\" carries no TLS"};
        return nullptr;
    }
#ifdef CRYO_HAS_EPOLL
    if (kind == transport_kind::poll) return transport_epoll::open(core, why);
#endif
    return transport_each::open(core, why);
}

} // namespace cryo_core::net
