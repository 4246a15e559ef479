#include "net/tls_client.h"

#include "net/tls_client_inside.h"

#ifdef CRYO_LWS_OVER_OPENSSL
#include <openssl/err.h>
#endif

namespace cryo_core::net {

#ifdef CRYO_LWS_OVER_OPENSSL

namespace {

// As ALPN has it: each name behind its length (RFC 7301).
constexpr unsigned char http_1_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

certificate_ptr parse(bytes_view der) {
    const unsigned char *at = der.data();
    return certificate_ptr(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

failure refused(const char *what) {
    const char *const words = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return {status::tls, std::string("the TLS library refuses ") + what + (words != nullptr ? ": " : "") +
                             (words != nullptr ? words : "")};
}

bool prepare(client_tls::inside &into, failure &why) {
    into.context.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX *const context = into.context.get();
    if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(context, tls12_ciphers) != 1 ||
        SSL_CTX_set_alpn_protos(context, http_1_1, sizeof http_1_1) != 0) {
        ERR_clear_error();
        why = {status::tls, "the TLS library cannot be set up"};
        return false;
    }
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    // A record is read in one call of the system, and an idle connection holds no buffers.
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    return true;
}

bool trust(client_tls::inside &into, const client_tls_source &from, failure &why) {
    X509_STORE *const trusted = SSL_CTX_get_cert_store(into.context.get());
    // A system without any is no failure: then nobody is trusted, and connecting says so.
    if (from.system_ca) X509_STORE_set_default_paths(trusted);
    ERR_clear_error();
    if (from.ca_file.empty() && from.ca.empty()) return true;
    der_chain authorities;
    if (!load_certificates(from.ca_file, from.ca, authorities, why)) return false;
    for (const auto &der : authorities) {
        const certificate_ptr each = parse(der);
        if (each == nullptr || X509_STORE_add_cert(trusted, each.get()) != 1) {
            why = refused("a certificate of an authority");
            return false;
        }
    }
    return true;
}

bool show(SSL_CTX *context, const der_chain &chain) {
    for (std::size_t i = 0; i < chain.size(); ++i) {
        const certificate_ptr each = parse(chain[i]);
        if (each == nullptr) return false;
        if ((i == 0 ? SSL_CTX_use_certificate(context, each.get())
                    : SSL_CTX_add1_chain_cert(context, each.get())) != 1)
            return false;
    }
    return true;
}

bool identify(client_tls::inside &into, const tls_source &from, failure &why) {
    if (from.certificate_file.empty() && from.certificate.empty() && from.key_file.empty() &&
        from.key.empty())
        return true;
    const auto material = tls_material::load(from, why);
    if (material == nullptr) return false;
    if (!show(into.context.get(), material->chain())) {
        why = refused("the client's certificate");
        return false;
    }
    const unsigned char *at = material->key().data();
    const std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>> key(
        d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(material->key().size())));
    if (key != nullptr && SSL_CTX_use_PrivateKey(into.context.get(), key.get()) == 1) return true;
    why = refused("the client's key");
    return false;
}

} // namespace

std::shared_ptr<const client_tls> client_tls::load(const client_tls_source &from, failure &why) {
    why = {};
    const std::shared_ptr<client_tls> made(new client_tls);
    made->inside_ = std::make_unique<inside>();
    if (!prepare(*made->inside_, why) || !trust(*made->inside_, from, why) ||
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
