#include "net/lws_context.h"

#include "base/fork.h"
#include "base/log.h"
#include "base/never_destroyed.h"
#include "net/openssl.h"
#include "net/sigpipe.h"
#include "net/tls_names.h"
#include "net/tls_peer.h"
#include "net/tls_server_inside.h"
#include "net/transport_libwebsockets.h"

#include <mutex>
#include <new>
#include <utility>

namespace cryo_core::net {

namespace {

// libwebsockets reads this much at once. One for each context. Room for several messages of some KiB: what
// the end of the buffer cuts has to be copied.
constexpr unsigned read_size = 256 * 1024;

// One write goes out in one piece up to this size; more would be cut and copied.
constexpr std::size_t write_size = 1024 * 1024;

// libwebsockets' own time for TLS handshakes. Ours are shorter and decide.
constexpr unsigned handshake_timeout_s = 24 * 3600;

const server_tls *tls_for_vhost = nullptr; // guarded by the mutex, set while a virtual host is made

int on_event(lws *wsi, lws_callback_reasons reason, void *user, void *in, size_t size) {
#ifdef CRYO_LWS_OVER_OPENSSL
    if (reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS) {
        auto *const context = static_cast<SSL_CTX *>(user);
        return tls_for_vhost == nullptr || tls_for_vhost->get().prepare(*context) ? 0 : 1;
    }
#endif
    return transport_libwebsockets::on_event(wsi, reason, user, in, size);
}

// libwebsockets' globals are to be whole in a child. But not at any price: who has the mutex may be logging,
// and wait for a lock of the host's that the forking thread has.
thread_local bool contexts_held_by_fork = false;

void wait_for_contexts() noexcept {
    constexpr int patience_ms = 500;
    for (int waited = 0; waited < patience_ms; ++waited) {
        if (contexts_mutex().try_lock()) {
            contexts_held_by_fork = true;
            return;
        }
        uv_sleep(1);
    }
}

void let_go_of_contexts() noexcept {
    if (std::exchange(contexts_held_by_fork, false)) contexts_mutex().unlock();
}

// It belongs to a thread, and that has another number in the child.
void renew_contexts_mutex() noexcept {
    let_go_of_contexts(); // which the system refuses, for that reason; tools that follow locks take note of
                          // it
    new (&contexts_mutex()) std::recursive_mutex;
}

const lws_protocols server_protocols[] = {{protocol_name, on_event, 0, 0, 0, nullptr, write_size},
                                          {nullptr, nullptr, 0, 0, 0, nullptr, 0}};

} // namespace

std::recursive_mutex &contexts_mutex() {
    static never_destroyed<std::recursive_mutex> mutex;
    [[maybe_unused]] static const bool watched = [] {
        at_fork(
            {.before = wait_for_contexts, .in_parent = let_go_of_contexts, .in_child = renew_contexts_mutex});
        return true;
    }();
    return *mutex;
}

namespace {

lws_context_creation_info plain_info() noexcept {
    lws_context_creation_info info{};
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
    info.gid = static_cast<decltype(info.gid)>(-1);
    info.uid = static_cast<decltype(info.uid)>(-1);
    return info;
}

// The TLS library's globals are set up by one context that stays, because each context that does it disturbs
// the handshakes of the others.
bool prime_tls() {
    static lws_context *const primed = [] {
        lws_context_creation_info info = plain_info();
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.fd_limit_per_thread = 16;
        const sigpipe_kept kept;
        return lws_create_context(&info);
    }();
    return primed != nullptr;
}

// With what libwebsockets said about it.
failure transport_failure(status code, const std::string &what) {
    const std::string lines = recent_lws_log();
    return {code, lines.empty() ? what : what + ": " + lines};
}

} // namespace

lws_context *make_context(uv_loop_t &on, lws_log &to, failure &why) {
    const std::lock_guard lock(contexts_mutex());
    redirect_lws_log();
    forget_lws_log();
    void *loops[1] = {&on};
    lws_context_creation_info info = plain_info();
    info.options |= LWS_SERVER_OPTION_LIBUV;
    info.foreign_loops = loops;
    info.pt_serv_buf_size = read_size;
    info.timeout_secs = handshake_timeout_s;
    to.give_to(info);
    const sigpipe_kept kept;
    lws_context *const context = lws_create_context(&info);
    if (context == nullptr) {
        why = transport_failure(status::system, "libwebsockets gives no context");
        if (why.text.find("evlib") != std::string::npos)
            why = {status::unsupported,
                   "libwebsockets cannot use libuv here: install libwebsockets-evlib-uv"};
    }
    return context;
}

lws_vhost *make_vhost(lws_context *context, const server_tls *tls, failure &why) {
    const std::lock_guard lock(contexts_mutex());
    forget_lws_log();
    lws_context_creation_info info = plain_info();
#if LWS_LIBRARY_VERSION_NUMBER >= 4003000
    info.log_cx =
        lwsl_context_get_cx(context); // which its connections take over; else they share one (lws_log)
#endif
    info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
    info.protocols = server_protocols;
    info.vhost_name = protocol_name;
    info.timeout_secs = handshake_timeout_s;
    if (tls != nullptr) {
#ifdef LWS_WITH_TLS
        if (!prime_tls()) {
            why = transport_failure(status::tls, "libwebsockets cannot set TLS up");
            return nullptr;
        }
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.alpn = "http/1.1";
#ifdef CRYO_LWS_OVER_OPENSSL
        // Its context is ours to fill: it has no certificate of its own, and each connection gets one of the
        // current ones in its handshake.
        info.options |= LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX;
        info.ssl_cipher_list = tls12_ciphers;
#else
        const tls_material &material = *tls->get().material;
        if (material.chain().size() > 1)
            log(log_level::warning, "this libwebsockets sends only the first certificate of the chain");
        info.server_ssl_cert_mem = material.certificate().data();
        info.server_ssl_cert_mem_len = static_cast<unsigned>(material.certificate().size());
        info.server_ssl_private_key_mem = material.key().data();
        info.server_ssl_private_key_mem_len = static_cast<unsigned>(material.key().size());
#endif
#else
        why = {status::unsupported, "this libwebsockets has no TLS"};
        return nullptr;
#endif
    }
    tls_for_vhost = tls;
    lws_vhost *const vhost = lws_create_vhost(context, &info);
    tls_for_vhost = nullptr;
    if (vhost == nullptr)
        why = transport_failure(tls == nullptr ? status::system : status::tls,
                                tls == nullptr ? "libwebsockets gives no virtual host"
                                               : "the TLS library cannot be set up");
    return vhost;
}

void destroy_context(lws_context *context) noexcept {
    const std::lock_guard lock(contexts_mutex());
    lws_context_destroy(context);
}

std::unique_ptr<const peer_certificate> peer_certificate_of([[maybe_unused]] lws *wsi) {
#ifdef CRYO_LWS_OVER_OPENSSL
    if (SSL *ssl = lws_get_ssl(wsi))
        if (const X509 *const shown = SSL_get0_peer_certificate(ssl); shown != nullptr)
            return describe(shown);
#endif
    return nullptr;
}

void send_close_notify([[maybe_unused]] lws *wsi) noexcept {
#ifdef CRYO_LWS_OVER_OPENSSL
    if (SSL *ssl = lws_get_ssl(wsi)) {
        SSL_shutdown(ssl);
        ERR_clear_error(); // libwebsockets judges its next call by what is in the queue
    }
#endif
}

} // namespace cryo_core::net
