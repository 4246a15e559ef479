#include "net/tls_material.h"

#include "net/tls_file.h"

#ifndef CRYO_LWS_OVER_OPENSSL
#include <algorithm>
#include <array>
#include <cstdio>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/pk.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

namespace cryo_core::net {

namespace {

using bytes = std::vector<std::uint8_t>;

constexpr std::size_t max_key_der = 16 * 1024;

std::string words_of(int error) {
    std::array<char, 160> text{};
    mbedtls_strerror(error, text.data(), text.size());
    return text.data();
}

bool is_pem(const bytes &data) noexcept {
    constexpr std::string_view begin = "-----BEGIN ";
    return std::search(data.begin(), data.end(), begin.begin(), begin.end()) != data.end();
}

// mbedTLS wants a NUL behind PEM, and counted.
void end_pem(bytes &data) {
    if (is_pem(data) && data.back() != 0) data.push_back(0);
}

class certificates {
  public:
    certificates() noexcept { mbedtls_x509_crt_init(&all); }
    certificates(const certificates &) = delete;
    certificates &operator=(const certificates &) = delete;
    ~certificates() { mbedtls_x509_crt_free(&all); }
    mbedtls_x509_crt all;
};

class private_key {
  public:
    private_key() noexcept {
        mbedtls_pk_init(&pk);
        mbedtls_entropy_init(&entropy);
        mbedtls_ctr_drbg_init(&random);
    }
    private_key(const private_key &) = delete;
    private_key &operator=(const private_key &) = delete;
    ~private_key() {
        mbedtls_pk_free(&pk);
        mbedtls_ctr_drbg_free(&random);
        mbedtls_entropy_free(&entropy);
    }

    int seed() noexcept { return mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, nullptr, 0); }
    int parse(const bytes &from) noexcept {
#if MBEDTLS_VERSION_MAJOR >= 3
        return mbedtls_pk_parse_key(&pk, from.data(), from.size(), nullptr, 0, mbedtls_ctr_drbg_random,
                                    &random);
#else
        return mbedtls_pk_parse_key(&pk, from.data(), from.size(), nullptr, 0);
#endif
    }
    int check_pair(const mbedtls_pk_context &certified) noexcept {
#if MBEDTLS_VERSION_MAJOR >= 3
        return mbedtls_pk_check_pair(&certified, &pk, mbedtls_ctr_drbg_random, &random);
#else
        return mbedtls_pk_check_pair(&certified, &pk);
#endif
    }

    mbedtls_pk_context pk;

  private:
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
};

std::string date_of(const mbedtls_x509_time &t) {
    std::array<char, 80> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02d %02d:%02d:%02d UTC", t.year, t.mon, t.day, t.hour,
                  t.min, t.sec);
    return text.data();
}

bool read_chain(const std::string &name, bytes data, certificates &into, failure &why) {
    end_pem(data);
    const int outcome = data.empty() ? MBEDTLS_ERR_X509_CERT_UNKNOWN_FORMAT
                                     : mbedtls_x509_crt_parse(&into.all, data.data(), data.size());
    if (outcome == 0) return true;
    why = {status::tls_certificate,
           outcome > 0 ? std::to_string(outcome) + " of the certificates in " + name + " cannot be read"
                       : name + " is not a certificate (PEM or DER): " + words_of(outcome)};
    return false;
}

der_chain chain_of(const certificates &parsed) {
    der_chain chain;
    for (const mbedtls_x509_crt *at = &parsed.all; at != nullptr; at = at->next)
        chain.emplace_back(at->raw.p, at->raw.p + at->raw.len);
    return chain;
}

bool check_validity(const std::string &name, const mbedtls_x509_crt &leaf, failure &why) {
    if (mbedtls_x509_time_is_past(&leaf.valid_to) != 0)
        why = {status::tls_expired, "the certificate in " + name + " expired on " + date_of(leaf.valid_to)};
    else if (mbedtls_x509_time_is_future(&leaf.valid_from) != 0)
        why = {status::tls_expired,
               "the certificate in " + name + " is not valid before " + date_of(leaf.valid_from)};
    return !why;
}

bool read_key(const std::string &name, bytes &data, private_key &into, failure &why) {
    end_pem(data);
    int outcome = into.seed();
    if (outcome != 0) {
        why = {status::tls, "no random numbers: " + words_of(outcome)};
        return false;
    }
    outcome = data.empty() ? MBEDTLS_ERR_PK_KEY_INVALID_FORMAT : into.parse(data);
    if (outcome == 0) return true;
    const std::string_view text = as_text(data);
    const bool encrypted = outcome == MBEDTLS_ERR_PK_PASSWORD_REQUIRED ||
                           outcome == MBEDTLS_ERR_PK_PASSWORD_MISMATCH ||
                           text.find("-----BEGIN ENCRYPTED PRIVATE KEY-----") != std::string_view::npos;
    why = {status::tls_key,
           encrypted ? "the key in " + name + " is encrypted; decrypt it first (openssl pkey)"
                     : name + " is not a private key (PEM or DER, RSA or EC): " + words_of(outcome)};
    return false;
}

// In the one form that every TLS library takes, whatever the key came in.
bool write_key(private_key &from, bytes &into, failure &why) {
    into.resize(max_key_der);
    const int size = mbedtls_pk_write_key_der(&from.pk, into.data(), into.size());
    if (size <= 0) {
        why = {status::tls_key, "the private key cannot be used: " + words_of(size)};
        return false;
    }
    into.erase(into.begin(), into.end() - size); // it was written at the end
    return true;
}

} // namespace

tls_material::~tls_material() {
    wipe_secret(key_);
}

std::unique_ptr<tls_material> tls_material::load(const tls_source &from, failure &why) {
    why = {};
    const std::string certificate_name =
        from.certificate_file.empty() ? "the given certificate" : from.certificate_file;
    const std::string key_name = from.key_file.empty() ? "the given key" : from.key_file;
    bytes chain = from.certificate;
    if (!from.certificate_file.empty() && !read_tls_file(from.certificate_file, chain, why)) return nullptr;
    secret_bytes key;
    if (from.key_file.empty())
        key.data = from.key;
    else if (!read_tls_file(from.key_file, key.data, why))
        return nullptr;

    certificates parsed;
    private_key parsed_key;
    if (!read_chain(certificate_name, std::move(chain), parsed, why)) return nullptr;
    if (!check_validity(certificate_name, parsed.all, why)) return nullptr;
    if (!read_key(key_name, key.data, parsed_key, why)) return nullptr;
    if (parsed_key.check_pair(parsed.all.pk) != 0) {
        why = {status::tls_mismatch, key_name + " does not belong to the certificate in " + certificate_name +
                                         "; if that has a chain, the server's own certificate comes first"};
        return nullptr;
    }
    std::unique_ptr<tls_material> made(new tls_material);
    made->chain_ = chain_of(parsed);
    if (!write_key(parsed_key, made->key_, why)) return nullptr;
    return made;
}

} // namespace cryo_core::net

#endif
