#include "net/tls_identity.h"

#include "base/log.h"
#include "net/tls_file.h"

#ifdef CRYO_LWS_OVER_OPENSSL
#include <openssl/sslerr.h>

namespace cryo_core::net {

namespace {

bool is_valid_now(const std::string &name, const X509 *leaf, failure &why) {
    const ASN1_TIME *const from = X509_get0_notBefore(leaf);
    const ASN1_TIME *const to = X509_get0_notAfter(leaf);
    const int begun = X509_cmp_current_time(from);
    const int ended = X509_cmp_current_time(to);
    ERR_clear_error();
    if (begun == 0 || ended == 0)
        why = {status::tls_certificate, "the dates of the certificate in " + name + " cannot be read"};
    else if (ended < 0)
        why = {status::tls_expired, "the certificate in " + name + " expired on " + words_of(to)};
    else if (begun > 0)
        why = {status::tls_expired, "the certificate in " + name + " is not valid before " + words_of(from)};
    return !why;
}

// Clients will refuse it, and nobody looks for it there.
void warn_of_expiry(const std::string &name, const X509 *which) {
    const ASN1_TIME *const to = X509_get0_notAfter(which);
    if (X509_cmp_current_time(to) < 0)
        log(log_level::warning, "a certificate of the chain in " + name + " (" + subject_words(which) +
                                    ") expired on " + words_of(to));
    ERR_clear_error();
}

failure refused_certificate(const std::string &name, const X509 *which, bool leaf) {
    const std::string whose =
        leaf ? "the certificate in " + name
             : "a certificate of the chain in " + name + " (" + subject_words(which) + ")";
    switch (ERR_GET_REASON(ERR_peek_last_error())) {
    case SSL_R_EE_KEY_TOO_SMALL:
    case SSL_R_CA_KEY_TOO_SMALL: {
        const EVP_PKEY *const key = X509_get0_pubkey(which);
        ERR_clear_error();
        return {status::tls, whose + " cannot be used: its key is too small" +
                                 (key == nullptr ? "" : " (" + words_of(key) + ")")};
    }
    case SSL_R_CA_MD_TOO_WEAK:
        ERR_clear_error();
        return {status::tls, whose + " cannot be used: the digest of its signature is too weak"};
    default:
        return {status::tls, "the TLS library refuses " + whose + ": " + openssl_words()};
    }
}

bool use_chain(SSL_CTX &context, const std::string &name, const certificate_list &chain, failure &why) {
    for (const certificate_ptr &each : chain) {
        const bool leaf = &each == &chain.front();
        ERR_clear_error();
        if ((leaf ? SSL_CTX_use_certificate(&context, each.get())
                  : SSL_CTX_add1_chain_cert(&context, each.get())) == 1) {
            if (!leaf) warn_of_expiry(name, each.get());
            continue;
        }
        why = refused_certificate(name, each.get(), leaf);
        return false;
    }
    return true;
}

} // namespace

int openssl_version_of(tls_version version) noexcept {
    return version == tls_version::v1_3 ? TLS1_3_VERSION : TLS1_2_VERSION;
}

ssl_context_ptr make_ssl_context(const SSL_METHOD *method, tls_version least, failure &why) {
    ERR_clear_error();
    ssl_context_ptr made(SSL_CTX_new(method));
    if (made != nullptr && SSL_CTX_set_min_proto_version(made.get(), openssl_version_of(least)) == 1 &&
        SSL_CTX_set_cipher_list(made.get(), tls12_ciphers) == 1) {
        SSL_CTX_set_options(made.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
        return made;
    }
    why = {status::tls, "the TLS library cannot be set up: " + openssl_words()};
    return nullptr;
}

bool use_identity(SSL_CTX &context, const tls_source &from, failure &why) {
    const std::string name = from.certificate_file.empty() ? "the given certificate" : from.certificate_file;
    const std::string key_name = from.key_file.empty() ? "the given key" : from.key_file;
    std::vector<std::uint8_t> file;
    if (!from.certificate_file.empty() && !read_tls_file(from.certificate_file, file, why)) return false;
    secret_bytes key_file;
    if (!from.key_file.empty() && !read_tls_file(from.key_file, key_file.data, why)) return false;
    const bytes_view certificate_data = from.certificate_file.empty() ? bytes_view(from.certificate) : file;
    const bytes_view key_data = from.key_file.empty() ? bytes_view(from.key) : key_file.data;

    certificate_list chain;
    if (!read_chain(name, certificate_data, chain, why)) return false;
    if (!is_valid_now(name, chain.front().get(), why)) return false;
    const key_ptr key = read_key(key_name, key_data, why);
    if (key == nullptr) return false;
    const bool belongs = X509_check_private_key(chain.front().get(), key.get()) == 1;
    ERR_clear_error();
    if (!belongs) {
        why = {status::tls_mismatch, key_name + " does not belong to the certificate in " + name +
                                         "; if that has a chain, the server's own certificate comes first"};
        return false;
    }
    if (!use_chain(context, name, chain, why)) return false;
    if (SSL_CTX_use_PrivateKey(&context, key.get()) == 1) return true;
    why = {status::tls, "the TLS library refuses " + key_name + ": " + openssl_words()};
    return false;
}

} // namespace cryo_core::net

#endif
