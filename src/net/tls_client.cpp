#include "net/tls_client.h"

#include "net/tls_client_inside.h"
#include "net/tls_identity.h"

namespace cryo_core::net {

#ifdef CRYO_LWS_OVER_OPENSSL

namespace {

// As ALPN has it: each name behind its length (RFC 7301).
constexpr unsigned char http_1_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

bool prepare(client_tls::inside &into, tls_version least, failure &why) {
    into.context = make_ssl_context(TLS_client_method(), least, why);
    SSL_CTX *const context = into.context.get();
    if (context == nullptr) return false;
    if (SSL_CTX_set_alpn_protos(context, http_1_1, sizeof http_1_1) != 0) {
        why = {status::tls, "the TLS library cannot be set up: " + openssl_words()};
        return false;
    }
    // A record is read in one call of the system, and an idle connection holds no buffers.
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    return true;
}

// Whoever names a certificate trusts it, be it of an authority that signs for itself, of one between, or the
// server's own.
bool trust(client_tls::inside &into, const client_tls_source &from, failure &why) {
    X509_STORE *const trusted = SSL_CTX_get_cert_store(into.context.get());
    X509_STORE_set_flags(trusted, X509_V_FLAG_PARTIAL_CHAIN);
    // A system without any is no failure: then nobody is trusted, and connecting says so.
    if (from.system_ca) X509_STORE_set_default_paths(trusted);
    ERR_clear_error();
    if (from.ca_file.empty() && from.ca.empty()) return true;
    certificate_list authorities;
    if (!read_trusted(from.ca_file, from.ca, SSL_CTX_get_security_level(into.context.get()), authorities,
                      why))
        return false;
    for (const certificate_ptr &each : authorities) {
        if (X509_STORE_add_cert(trusted, each.get()) == 1) continue;
        why = {status::tls, "the TLS library refuses a certificate of an authority: " + openssl_words()};
        return false;
    }
    return true;
}

bool identify(client_tls::inside &into, const tls_source &from, failure &why) {
    if (from.certificate_file.empty() && from.certificate.empty() && from.key_file.empty() &&
        from.key.empty())
        return true;
    return use_identity(*into.context, from, why);
}

} // namespace

std::shared_ptr<const client_tls> client_tls::load(const client_tls_source &from, failure &why) {
    why = {};
    const std::shared_ptr<client_tls> made(new client_tls);
    made->inside_ = std::make_unique<inside>();
    if (!prepare(*made->inside_, from.min_version, why) || !trust(*made->inside_, from, why) ||
        !identify(*made->inside_, from.identity, why))
        return nullptr;
    return made;
}

#else

struct client_tls::inside {};

std::shared_ptr<const client_tls> client_tls::load(const client_tls_source &, failure &why) {
    why = {status::unsupported, "TLS for clients needs a libwebsockets that was built on OpenSSL"};
    return nullptr;
}

#endif

client_tls::client_tls() = default;
client_tls::~client_tls() = default;

} // namespace cryo_core::net
