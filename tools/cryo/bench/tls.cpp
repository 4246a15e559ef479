// TLS of the load generator, with OpenSSL.
#include "bench/stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <climits>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace cryo_tool {
namespace {

std::string openssl_words() {
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    const char *const text = code == 0 ? nullptr : ERR_reason_error_string(code);
    return text == nullptr ? "TLS failed" : std::string("TLS: ") + text;
}

int to_int(std::size_t size) noexcept {
    return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
}

} // namespace

// Those that no connection has used yet: with TLS 1.3 each is for one (RFC 8446, C.4).
struct bench_tls::tickets {
    static constexpr std::size_t most = 4096;

    std::mutex mutex;
    std::vector<SSL_SESSION *> unused;

    tickets() { unused.reserve(most); }
    tickets(const tickets &) = delete;
    tickets &operator=(const tickets &) = delete;
    ~tickets() {
        for (SSL_SESSION *const each : unused)
            SSL_SESSION_free(each);
    }

    // Owns it from now on.
    void put(SSL_SESSION *fresh) noexcept {
        const std::lock_guard lock(mutex);
        if (unused.size() < most)
            unused.push_back(fresh);
        else
            SSL_SESSION_free(std::exchange(unused.front(), fresh));
    }
    // The caller's; null: there is none. The last one stays: with TLS 1.2 a resumed session brings no other.
    SSL_SESSION *take() noexcept {
        const std::lock_guard lock(mutex);
        if (unused.empty()) return nullptr;
        SSL_SESSION *const last = unused.back();
        if (unused.size() > 1)
            unused.pop_back();
        else
            SSL_SESSION_up_ref(last);
        return last;
    }
};

int bench_tls::keep_ticket(SSL *ssl, SSL_SESSION *ticket) noexcept {
    if (SSL_SESSION_is_resumable(ticket) == 0) return 0;
    static_cast<tickets *>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)))->put(ticket);
    return 1;
}

bench_tls::bench_tls(const std::string &host, const std::string &ca_file, bool resume)
    : context_(SSL_CTX_new(TLS_client_method())), host_(host),
      tickets_(resume ? std::make_unique<tickets>() : nullptr) {
    if (context_ == nullptr) throw std::runtime_error(openssl_words());
    SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
    SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                   SSL_MODE_RELEASE_BUFFERS);
    if (resume) {
        SSL_CTX_set_app_data(context_, tickets_.get());
        SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(context_, &bench_tls::keep_ticket);
    }
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_default_verify_paths(context_);
    if (!ca_file.empty() && SSL_CTX_load_verify_locations(context_, ca_file.c_str(), nullptr) != 1) {
        SSL_CTX_free(context_);
        throw std::runtime_error(ca_file + ": " + openssl_words());
    }
}

bench_tls::~bench_tls() {
    SSL_CTX_free(context_);
}

ssl_st *bench_tls::make(int fd) const noexcept {
    SSL *const ssl = SSL_new(context_);
    if (ssl == nullptr) return nullptr;
    X509_VERIFY_PARAM *const verify = SSL_get0_param(ssl);
    const bool is_address = X509_VERIFY_PARAM_set1_ip_asc(verify, host_.c_str()) == 1;
    // The macro for this has a cast of C's.
    const auto tell_name = [&] {
        return SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                        const_cast<char *>(host_.c_str())) == 1;
    };
    const bool named = is_address || (SSL_set1_host(ssl, host_.c_str()) == 1 && tell_name());
    if (SSL_SESSION *const former = tickets_ ? tickets_->take() : nullptr) {
        SSL_set_session(ssl, former);
        SSL_SESSION_free(former);
    }
    ERR_clear_error();
    if (named && SSL_set_fd(ssl, fd) == 1) return ssl;
    SSL_free(ssl);
    return nullptr;
}

void bench_stream::end_tls() noexcept {
    // Else OpenSSL takes the end for a failure, and its last ticket cannot be used any more.
    SSL_set_shutdown(ssl_, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(ssl_);
}

bench_stream::handshake bench_stream::shake_hands() noexcept {
    ERR_clear_error();
    const int result = SSL_connect(ssl_);
    if (result == 1) return handshake::done;
    switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ:
        return handshake::wants_read;
    case SSL_ERROR_WANT_WRITE:
        return handshake::wants_write;
    default:
        const long verified = SSL_get_verify_result(ssl_);
        tls_error_ = openssl_words();
        if (verified != X509_V_OK)
            tls_error_ = std::string("TLS: ") + X509_verify_cert_error_string(verified);
        return handshake::failed;
    }
}

bool bench_stream::is_resumed() const noexcept {
    return ssl_ != nullptr && SSL_session_reused(ssl_) == 1;
}

std::ptrdiff_t bench_stream::read_tls(std::span<std::uint8_t> into) noexcept {
    ERR_clear_error();
    const int got = SSL_read(ssl_, into.data(), to_int(into.size()));
    if (got > 0) return got;
    switch (SSL_get_error(ssl_, got)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return later;
    case SSL_ERROR_ZERO_RETURN:
    case SSL_ERROR_SYSCALL: // it has ended without saying so
        return 0;
    default:
        tls_error_ = openssl_words();
        return broken;
    }
}

std::ptrdiff_t bench_stream::write_tls(std::span<const std::uint8_t> from) noexcept {
    ERR_clear_error();
    const int sent = SSL_write(ssl_, from.data(), to_int(from.size()));
    if (sent > 0) return sent;
    const int error = SSL_get_error(ssl_, sent);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return later;
    tls_error_ = openssl_words();
    return broken;
}

} // namespace cryo_tool
