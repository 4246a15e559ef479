#include "net/tls_handshake.h"

#include "net/loop_core.h"
#include "net/tls_client_inside.h"
#include "net/ws_connection.h"

#ifdef CRYO_LWS_OVER_OPENSSL
#include <openssl/err.h>
#include <openssl/x509v3.h>
#endif

namespace cryo_core::net {

#ifdef CRYO_LWS_OVER_OPENSSL

namespace {

// Where a TLS session has its connection, and a TLS context its loop.
int connection_index() noexcept {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

int loop_index() noexcept {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

ws_connection *connection_of(const SSL *ssl) noexcept {
    return static_cast<ws_connection *>(SSL_get_ex_data(ssl, connection_index()));
}

// Instead of libwebsockets' own, which lets some things pass.
int verdict(int good, X509_STORE_CTX *) noexcept {
    return good;
}

// The macro for it has a cast that warns.
bool set_server_name(SSL *ssl, const char *name) noexcept {
    return SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char *>(name)) ==
           1;
}

bool expect_name(SSL *ssl, const std::string &host) noexcept {
    X509_VERIFY_PARAM *const expected = SSL_get0_param(ssl);
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const std::string_view address = std::string_view(host).substr(0, host.find('%')); // without the scope
    const std::unique_ptr<ASN1_OCTET_STRING, freed_by<ASN1_OCTET_STRING_free>> numeric(
        a2i_IPADDRESS(std::string(address).c_str()));
    if (numeric != nullptr) {
        set_server_name(ssl, nullptr); // a name only (RFC 6066 section 3)
        return X509_VERIFY_PARAM_set1_host(expected, nullptr, 0) == 1 &&
               X509_VERIFY_PARAM_set1_ip(expected, ASN1_STRING_get0_data(numeric.get()),
                                         static_cast<std::size_t>(ASN1_STRING_length(numeric.get()))) == 1;
    }
    return set_server_name(ssl, host.c_str()) && X509_VERIFY_PARAM_set1_ip(expected, nullptr, 0) == 1 &&
           X509_VERIFY_PARAM_set1_host(expected, host.data(), host.size()) == 1;
}

bool show_identity(SSL *ssl, const client_tls::inside &own) noexcept {
    if (own.chain.empty()) return true;
    if (SSL_use_certificate(ssl, own.chain.front().get()) != 1) return false;
    for (std::size_t i = 1; i < own.chain.size(); ++i)
        if (SSL_add1_chain_cert(ssl, own.chain[i].get()) != 1) return false;
    return SSL_use_PrivateKey(ssl, own.key.get()) == 1;
}

// If any of this fails, the store of the context, which is empty, is what the server is measured by.
void equip(SSL *ssl, ws_connection &c) noexcept {
    SSL_set_ex_data(ssl, connection_index(), &c);
    SSL_set_verify(ssl, SSL_VERIFY_PEER, verdict);
    try {
        const client_tls::inside &with = c.target().tls->get();
        if (expect_name(ssl, c.target().host) && show_identity(ssl, with))
            SSL_set1_verify_cert_store(ssl, with.trusted.get());
    } catch (const std::bad_alloc &) { // as above
    }
    ERR_clear_error();
}

void begins(SSL *ssl) noexcept {
    auto *const core = static_cast<loop_core *>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), loop_index()));
    ws_connection *const c = core->clients().dialing().find(
        [ssl](const ws_connection &each) { return each.wsi() != nullptr && lws_get_ssl(each.wsi()) == ssl; });
    if (c != nullptr) equip(ssl, *c);
}

void progress(const SSL *ssl, int where, int value) noexcept {
    if ((where & SSL_CB_HANDSHAKE_START) != 0 && connection_of(ssl) == nullptr)
        begins(const_cast<SSL *>(ssl));
    ws_connection *const c = connection_of(ssl);
    if (c == nullptr) return;
    if (where == SSL_CB_READ_ALERT && (value >> 8) == SSL3_AL_FATAL) c->alerted(value & 0xff);
    if (where == SSL_CB_CONNECT_EXIT && value <= 0) {
        // libwebsockets clears it away
        if (const char *const words = ERR_reason_error_string(ERR_peek_error())) c->handshake_failed(words);
    }
}

} // namespace

ssl_ctx_st *make_handshake_context(loop_core &core, failure &why) {
    if (!prime_tls()) {
        why = transport_failure(status::tls, "libwebsockets cannot set TLS up");
        return nullptr;
    }
    SSL_CTX *const made = SSL_CTX_new(TLS_client_method());
    if (made == nullptr || SSL_CTX_set_min_proto_version(made, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(made, tls12_ciphers) != 1 ||
        SSL_CTX_set_ex_data(made, loop_index(), &core) != 1) {
        why = {status::tls, "the TLS library cannot be set up"};
        SSL_CTX_free(made);
        return nullptr;
    }
    SSL_CTX_set_options(made, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(made, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(made, SSL_VERIFY_PEER, verdict);
    SSL_CTX_set_info_callback(made, progress);
    return made;
}

void free_handshake_context(ssl_ctx_st *context) noexcept {
    SSL_CTX_free(context);
}

void forget_handshake(lws *wsi) noexcept {
    if (SSL *const ssl = lws_get_ssl(wsi)) SSL_set_ex_data(ssl, connection_index(), nullptr);
}

failure certificate_trouble(lws *wsi, const std::string &host) {
    SSL *const ssl = lws_get_ssl(wsi);
    const long result = ssl == nullptr ? X509_V_OK : SSL_get_verify_result(ssl);
    const std::string whose = "the certificate of " + host;
    switch (result) {
    case X509_V_OK:
        return {};
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return {status::tls_expired, whose + " has expired"};
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return {status::tls_expired, whose + " is not valid yet"};
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return {status::tls_name, whose + " is for another name"};
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return {status::tls_untrusted, whose + " is signed by itself, and not trusted"};
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return {status::tls_untrusted, whose + " is signed by an authority that is not trusted"};
    default:
        return {status::tls, whose + " is refused: " + X509_verify_cert_error_string(result)};
    }
}

std::string alert_text(int description) {
    return SSL_alert_desc_string_long(description);
}

#else

ssl_ctx_st *make_handshake_context(loop_core &, failure &why) {
    why = {status::unsupported, "TLS for clients needs a libwebsockets that was built on OpenSSL"};
    return nullptr;
}

void free_handshake_context(ssl_ctx_st *) noexcept {}
void forget_handshake(lws *) noexcept {}
failure certificate_trouble(lws *, const std::string &) {
    return {};
}
std::string alert_text(int) {
    return {};
}

#endif

} // namespace cryo_core::net
