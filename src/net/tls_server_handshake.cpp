// What a server decides in a handshake: OpenSSL asks, the set that is current answers.
#include "base/clock.h"
#include "base/log.h"
#include "net/handshake_failure.h"
#include "net/tls_file.h"
#include "net/tls_server_inside.h"

#ifdef CRYO_LWS_OVER_OPENSSL
#include <algorithm>
#include <ctime>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/rand.h>

namespace cryo_core::net {

namespace {

// libwebsockets would have P-256 only. With X25519, which nearly all clients prefer, a connection also keeps
// less from its handshake: OpenSSL holds the key for as long as the connection lives, and one of P-256 is
// some KiB.
constexpr const char *key_exchange_groups = "X25519:P-256:P-384";

server_tls::inside &inside_of(void *argument) noexcept {
    return *static_cast<server_tls::inside *>(argument);
}

// Before the versions are compared, and before a session is taken up again.
int on_client_hello(SSL *ssl, int *alert, void *argument) noexcept {
    const auto set = inside_of(argument).current();
    const bytes_view rules = set->rules();
    SSL_set_app_data(ssl, argument);
    SSL_set_verify(ssl, set->verify_mode(), nullptr);
    if (SSL_set_min_proto_version(ssl, set->min_version()) == 1 &&
        SSL_set_session_id_context(ssl, rules.data(), static_cast<unsigned>(rules.size())) == 1)
        return SSL_CLIENT_HELLO_SUCCESS;
    *alert = SSL_AD_INTERNAL_ERROR;
    return SSL_CLIENT_HELLO_ERROR;
}

// Comes without a name too.
int on_server_name(SSL *ssl, int *alert, void *argument) noexcept {
    const auto set = inside_of(argument).current();
    SSL_CTX *const chosen = set->context_for(SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name));
    if (SSL_set_SSL_CTX(ssl, chosen) == chosen) return SSL_TLSEXT_ERR_OK;
    *alert = SSL_AD_INTERNAL_ERROR;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool use_key(const ticket_key &key, const unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac,
             bool making) noexcept {
    char digest[] = "SHA256";
    const bytes_view mac_key = key.mac_key();
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, const_cast<std::uint8_t *>(mac_key.data()),
                                          mac_key.size()),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()};
    return EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher_key().data(), iv,
                             making ? 1 : 0) == 1 &&
           EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

// -1: an error, 0: no such key (a full handshake follows), 1: taken, 2: taken, and a new ticket is due.
int on_ticket(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac,
              int making) noexcept {
    constexpr int name_size = 16;
    constexpr int iv_size = 16;
    ticket_keys &keys = inside_of(SSL_get_app_data(ssl)).tickets;
    ticket_key key{};
    int answer = 1;
    if (making != 0) {
        if (!keys.to_make(monotonic_now(), key) || RAND_bytes(iv, iv_size) != 1) return -1;
        std::copy_n(key.bytes.begin(), name_size, name);
    } else {
        switch (keys.to_read(monotonic_now(), {name, name_size}, key)) {
        case ticket_keys::found::none:
            return 0;
        case ticket_keys::found::current:
            // With TLS 1.3 a client uses each ticket once (RFC 8446, C.4), so this one was its last, it may
            // be.
            answer = SSL_version(ssl) >= TLS1_3_VERSION ? 2 : 1;
            break;
        case ticket_keys::found::former:
            answer = 2;
            break;
        }
    }
    if (!use_key(key, iv, cipher, mac, making != 0)) answer = -1;
    wipe_secret(key.bytes);
    return answer;
}

} // namespace

int show_staple(SSL *ssl, void *) noexcept {
    const auto set = inside_of(SSL_get_app_data(ssl)).current(); // where it has changed meanwhile: nothing
    const bytes_view staple = set->staple_for(SSL_get_SSL_CTX(ssl), std::time(nullptr));
    void *const copy = staple.empty() ? nullptr : OPENSSL_memdup(staple.data(), staple.size());
    if (copy == nullptr) return SSL_TLSEXT_ERR_NOACK;
    if (SSL_set_tlsext_status_ocsp_resp(ssl, static_cast<unsigned char *>(copy),
                                        static_cast<long>(staple.size())) == 1)
        return SSL_TLSEXT_ERR_OK;
    OPENSSL_free(copy);
    return SSL_TLSEXT_ERR_NOACK;
}

std::shared_ptr<const tls_server_set> server_tls::inside::current() const noexcept {
    const std::lock_guard lock(mutex);
    return set;
}

bool server_tls::inside::prepare(SSL_CTX &context) noexcept {
    watch_handshakes(&context);
    if (SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION) != 1) return false;
    if (SSL_CTX_set1_groups_list(&context, key_exchange_groups) != 1) ERR_clear_error(); // P-256 remains
    SSL_CTX_set_options(&context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    // What is sent is what was given; and an idle connection holds no buffers for records.
    SSL_CTX_set_mode(&context, SSL_MODE_NO_AUTO_CHAIN | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF); // each ticket holds its session itself
    SSL_CTX_set_timeout(&context, ticket_life_s);
    SSL_CTX_set_client_hello_cb(&context, on_client_hello, this);
    set_ssl_callback(&context, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB, on_server_name);
    SSL_CTX_set_tlsext_servername_arg(&context, this);
    return SSL_CTX_set_tlsext_ticket_key_evp_cb(&context, on_ticket) == 1;
}

bool server_tls::inside::make_common() noexcept {
    common.reset(SSL_CTX_new(TLS_server_method()));
    if (common == nullptr || !prepare(*common)) return false;
    SSL_CTX_set_options(common.get(), SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_read_ahead(common.get(), 1); // what has come is in memory already
    return SSL_CTX_set_cipher_list(common.get(), tls12_ciphers) == 1;
}

} // namespace cryo_core::net

#endif
