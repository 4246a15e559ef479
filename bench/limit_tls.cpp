#include "limit_tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>

namespace limit {
namespace {

SSL_CTX *context = nullptr;

int to_int(std::size_t size) {
    return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
}

} // namespace

bool tls::load(const char *certificate, const char *key) {
    context = SSL_CTX_new(TLS_server_method());
    if (context != nullptr && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
        SSL_CTX_use_certificate_chain_file(context, certificate) == 1 &&
        SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1) {
        SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); // tickets are enough
        SSL_CTX_set_read_ahead(context, 1); // else each record takes two calls of the system
        return true;
    }
    ERR_print_errors_fp(stderr);
    return false;
}

std::unique_ptr<tls> tls::make(int fd) {
    SSL *const ssl = SSL_new(context);
    if (ssl == nullptr || SSL_set_fd(ssl, fd) != 1) {
        SSL_free(ssl);
        return nullptr;
    }
    SSL_set_accept_state(ssl);
    return std::unique_ptr<tls>(new tls(ssl));
}

tls::~tls() {
    SSL_free(ssl_);
}

ssize_t tls::outcome(int of) {
    if (of > 0) return of;
    switch (SSL_get_error(ssl_, of)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        errno = EAGAIN;
        return -1;
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    default:
        errno = EPROTO;
        return -1;
    }
}

ssize_t tls::receive(void *into, std::size_t size) {
    ERR_clear_error();
    return outcome(SSL_read(ssl_, into, to_int(size)));
}

ssize_t tls::send(const void *from, std::size_t size) {
    ERR_clear_error();
    std::size_t sent = 0;
    ssize_t last = 0;
    while (sent < size &&
           (last = outcome(SSL_write(ssl_, static_cast<const char *>(from) + sent, to_int(size - sent)))) > 0)
        sent += static_cast<std::size_t>(last);
    return sent > 0 ? static_cast<ssize_t>(sent) : last;
}

bool tls::has_more() const {
    return SSL_has_pending(ssl_) == 1;
}

void tls::end() {
    ERR_clear_error();
    SSL_shutdown(ssl_);
}

} // namespace limit
