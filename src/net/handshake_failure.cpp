#include "net/handshake_failure.h"

#include <utility>

#ifdef CRYO_LWS_OVER_OPENSSL
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#endif

namespace cryo_core::net {

#ifdef CRYO_LWS_OVER_OPENSSL

namespace {

struct {
    const SSL *of;
    const char *why;
} thread_local last_handshake_failure{nullptr, nullptr};

bool has_heard_something(const SSL *ssl) noexcept {
    BIO *const from = SSL_get_rbio(ssl);
    return from != nullptr && BIO_number_read(from) > 0;
}

const char *words_for(const SSL *ssl, unsigned long error) noexcept {
    switch (ERR_GET_REASON(error)) {
    case SSL_R_CERTIFICATE_VERIFY_FAILED: // of the client
        return X509_verify_cert_error_string(SSL_get_verify_result(ssl));
    case SSL_R_HTTP_REQUEST:
        return "the client speaks HTTP without TLS";
    case SSL_R_WRONG_VERSION_NUMBER:
#ifdef SSL_R_PACKET_LENGTH_TOO_LONG
    case SSL_R_PACKET_LENGTH_TOO_LONG:
#endif
        return "what the client says is no TLS";
#ifdef SSL_R_UNEXPECTED_EOF_WHILE_READING
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
        return "the client has gone in the middle of it";
#endif
    default:
        break;
    }
    const char *const told = ERR_reason_error_string(error);
    return told != nullptr ? told : "the TLS library does not say why";
}

// OpenSSL's error queue is still as the handshake has left it here; libwebsockets empties it.
void on_handshake(const SSL *ssl, int where, int result) noexcept {
    if ((where & SSL_CB_HANDSHAKE_DONE) != 0) {
        if (last_handshake_failure.of == ssl) last_handshake_failure = {nullptr, nullptr};
        return;
    }
    if ((where & SSL_CB_EXIT) == 0 || (where & SSL_ST_ACCEPT) == 0 || result > 0) return;
    const unsigned long error = ERR_peek_last_error();
    if (error != 0 && has_heard_something(ssl)) last_handshake_failure = {ssl, words_for(ssl, error)};
}

} // namespace

void watch_handshakes(SSL_CTX *context) noexcept {
    SSL_CTX_set_info_callback(context, on_handshake);
}

void forget_handshake_failure(const SSL *ssl) noexcept {
    if (last_handshake_failure.of == ssl) last_handshake_failure = {nullptr, nullptr};
}

const char *take_handshake_failure(lws *wsi) noexcept {
    return take_handshake_failure(wsi != nullptr ? lws_get_ssl(wsi) : nullptr);
}

const char *take_handshake_failure(SSL *ssl) noexcept {
    auto last = std::exchange(last_handshake_failure, {nullptr, nullptr});
    if (last.why != nullptr && (ssl == nullptr || ssl == last.of)) return last.why;
    if (ssl == nullptr || SSL_is_init_finished(ssl) != 0 || !has_heard_something(ssl)) return nullptr;
    // By a reset, of which OpenSSL says nothing. libwebsockets does not read what came before one: an alert,
    // which has the client's reason.
    ERR_clear_error();
    SSL_do_handshake(ssl);
    ERR_clear_error();
    last = std::exchange(last_handshake_failure, {nullptr, nullptr});
    return last.why != nullptr ? last.why : "the client has gone in the middle of it";
}

bool handshake_is_under_way(lws *wsi) noexcept {
    const SSL *const ssl = wsi != nullptr ? lws_get_ssl(wsi) : nullptr;
    return ssl != nullptr && SSL_is_init_finished(ssl) == 0 && has_heard_something(ssl);
}

#else

const char *take_handshake_failure(lws *) noexcept {
    return nullptr;
}
bool handshake_is_under_way(lws *) noexcept {
    return false;
}

#endif

} // namespace cryo_core::net
