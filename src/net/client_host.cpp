#include "net/client_host.h"

#include "net/loop_core.h"
#include "net/tls_handshake.h"
#include "net/transport_log.h"
#include "net/ws_connection.h"

#include <type_traits>

namespace cryo_core::net {

namespace {

// Largest piece in which a message comes, held by each connection. A message that fits is not copied.
constexpr std::size_t piece_size = 16 * 1024;

// Nothing may be thrown through libwebsockets. false: f has thrown, or answered so.
template <typename F>
bool guarded(ws_connection &c, F f) noexcept {
    try {
        if constexpr (std::is_void_v<decltype(f())>) {
            f();
            return true;
        } else {
            return f();
        }
    } catch (const std::exception &e) {
        c.abort_after_exception(e.what());
    } catch (...) {
        c.abort_after_exception("unknown exception");
    }
    return false;
}

// Before the WebSocket is there.
int on_attempt(ws_connection &c, lws *wsi, lws_callback_reasons reason, void *in, std::size_t size) {
    switch (reason) {
    case LWS_CALLBACK_WSI_CREATE:
        c.tcp_connected(wsi);
        return 0;
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
        return guarded(c, [&] { return c.write_head(static_cast<char **>(in), size); }) ? 0 : 1;
    case LWS_CALLBACK_CLIENT_HTTP_REDIRECT:
        return 1;
    case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
        return guarded(c, [&] { return c.answered(); }) ? 0 : 1;
    case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
        return guarded(c, [&] { c.body_came({static_cast<std::uint8_t *>(in), size}); }) ? 0 : 1;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        c.lost(in == nullptr ? std::string_view() : std::string_view(static_cast<char *>(in), size));
        return 0;
    default:
        return 0;
    }
}

int on_client_event(lws *wsi, lws_callback_reasons reason, void *, void *in, std::size_t size) {
    if (wsi == nullptr) return 0;
    auto *const c = static_cast<ws_connection *>(lws_get_opaque_user_data(wsi));
    if (c == nullptr) return 0;
    const bytes_mut data(static_cast<std::uint8_t *>(in), size);
    switch (reason) {
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        guarded(*c, [&] { c->upgraded(); });
        return 0;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        guarded(*c, [&] { c->received(data); });
        return 0;
    case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
        guarded(*c, [&] { c->pong_came(); });
        return 0;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        guarded(*c, [&] { c->can_write(); });
        return 0;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        guarded(*c, [&] { c->peer_closes(data); });
        return -1;
    case LWS_CALLBACK_CLOSED_CLIENT_HTTP:
    case LWS_CALLBACK_CLIENT_CLOSED:
    case LWS_CALLBACK_WSI_DESTROY:
        c->lost({});
        return 0;
    default:
        return on_attempt(*c, wsi, reason, in, size);
    }
}

const lws_protocols client_protocols[] = {
    {client_host::protocol, on_client_event, 0, piece_size, 0, nullptr, write_size},
    {nullptr, nullptr, 0, 0, 0, nullptr, 0}};

} // namespace

client_host::~client_host() {
    free_handshake_context(tls_context_);
}

lws_vhost *client_host::vhost(bool tls, failure &why) {
    lws_vhost *&wanted = tls ? tls_ : plain_;
    if (wanted == nullptr) wanted = make(tls, why);
    return wanted;
}

lws_vhost *client_host::make(bool tls, failure &why) {
    const std::lock_guard lock(contexts_mutex());
    forget_transport_log();
    lws_context_creation_info info = vhost_info(core_.context());
    info.protocols = client_protocols;
    info.vhost_name = tls ? "cryo-client-tls" : "cryo-client";
    info.timeout_secs = handshake_timeout_s;
    info.connect_timeout_secs = handshake_timeout_s;
#ifdef LWS_CLIENT_HTTP_PROXYING
    info.http_proxy_address = ":0"; // none, whatever $http_proxy says: it would be given the numeric address
#endif
    if (tls) {
        if (tls_context_ == nullptr && (tls_context_ = make_handshake_context(core_, why)) == nullptr)
            return nullptr;
#ifdef CRYO_LWS_OVER_OPENSSL
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.provided_client_ssl_ctx = tls_context_;
#endif
    }
    lws_vhost *const made = lws_create_vhost(core_.context(), &info);
    if (made == nullptr)
        why = transport_failure(status::system, "libwebsockets gives no virtual host for clients");
    return made;
}

} // namespace cryo_core::net
