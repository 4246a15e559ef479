#include "net/tls_server_set.h"

#include "base/log.h"
#include "net/handshake_failure.h"
#include "net/tls_identity.h"
#include "net/tls_names.h"
#include "net/tls_ocsp.h"

#include <algorithm>

#ifdef CRYO_LWS_OVER_OPENSSL

namespace cryo_core::net {

namespace {

constexpr unsigned char only_http_1_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// A client that offers nothing that is spoken here gets no answer to that, and may go on without.
int choose_alpn(SSL *, const unsigned char **out, unsigned char *out_size, const unsigned char *in,
                unsigned size, void *) noexcept {
    unsigned char *chosen = nullptr;
    if (SSL_select_next_proto(&chosen, out_size, only_http_1_1, sizeof only_http_1_1, in, size) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

const X509 *leaf_of(SSL_CTX *context) noexcept {
    return SSL_CTX_get0_certificate(context);
}

// Of the chain that is sent; a certificate may also have signed itself.
const X509 *issuer_of(SSL_CTX *context) noexcept {
    STACK_OF(X509) *chain = nullptr;
    SSL_CTX_get0_chain_certs(context, &chain);
    if (sk_X509_num(chain) > 0) return sk_X509_value(chain, 0);
    const X509 *const leaf = leaf_of(context);
    return X509_NAME_cmp(X509_get_subject_name(leaf), X509_get_issuer_name(leaf)) == 0 ? leaf : nullptr;
}

void warn_of_staple(const std::string &text) {
    log(log_level::warning, "no OCSP response is shown: " + text);
}

} // namespace

struct tls_server_set::client_rules {
    certificate_list authorities;
    store_ptr store; // null: clients are not asked

    bool read(const server_tls_source &from, int level, failure &why) {
        if (!from.asks_clients()) return true;
        if (!read_trusted(from.client_ca_file, from.client_ca, level, authorities, why)) return false;
        store.reset(X509_STORE_new());
        if (store == nullptr) throw std::bad_alloc();
        X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
        for (const certificate_ptr &each : authorities) {
            if (X509_STORE_add_cert(store.get(), each.get()) == 1) continue;
            why = {status::tls, "the TLS library refuses an authority for clients: " + openssl_words()};
            return false;
        }
        return true;
    }

    bool give_to(SSL_CTX *context) const {
        if (store == nullptr) return true;
        if (SSL_CTX_set1_verify_cert_store(context, store.get()) != 1) return false;
        for (const certificate_ptr &each : authorities)
            if (SSL_CTX_add_client_CA(context, each.get()) != 1) return false;
        return true;
    }

    bool digest(bool require, std::array<std::uint8_t, 32> &into) const {
        const std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>> hash(EVP_MD_CTX_new());
        if (hash == nullptr || EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr) != 1) return false;
        const std::uint8_t mode = store == nullptr ? 0 : require ? 2 : 1;
        if (EVP_DigestUpdate(hash.get(), &mode, 1) != 1) return false;
        for (const certificate_ptr &each : authorities) {
            std::array<unsigned char, EVP_MAX_MD_SIZE> one{};
            unsigned size = 0;
            if (X509_digest(each.get(), EVP_sha256(), one.data(), &size) != 1 ||
                EVP_DigestUpdate(hash.get(), one.data(), size) != 1)
                return false;
        }
        return EVP_DigestFinal_ex(hash.get(), into.data(), nullptr) == 1;
    }
};

std::shared_ptr<const tls_server_set> tls_server_set::load(const server_tls_source &from, failure &why) {
    why = {};
    if (from.certificates.empty() || (from.require_client_certificate && !from.asks_clients())) {
        why = {status::invalid, from.certificates.empty()
                                    ? "TLS needs a certificate"
                                    : "who demands certificates of clients has to say whose they may be"};
        return nullptr;
    }
    const auto made = std::make_shared<tls_server_set>();
    made->min_version_ = openssl_version_of(from.min_version);
    client_rules clients;
    const ssl_context_ptr any = make_ssl_context(TLS_server_method(), from.min_version, why);
    if (any == nullptr || !clients.read(from, SSL_CTX_get_security_level(any.get()), why)) return nullptr;
    if (from.asks_clients())
        made->verify_mode_ =
            SSL_VERIFY_PEER | (from.require_client_certificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0);
    if (!clients.digest(from.require_client_certificate, made->rules_)) throw std::bad_alloc();
    for (const tls_source &each : from.certificates)
        if (!made->add(each, from.min_version, clients, why)) return nullptr;
    for (const std::string &each : from.ocsp_files)
        made->staple(each);
    return made;
}

bool tls_server_set::add(const tls_source &from, tls_version least, const client_rules &clients,
                         failure &why) {
    auto fresh = std::make_unique<entry>();
    fresh->context = make_ssl_context(TLS_server_method(), least, why);
    if (fresh->context == nullptr || !use_identity(*fresh->context, from, why)) return false;
    if (!clients.give_to(fresh->context.get())) {
        why = {status::tls, "the TLS library refuses an authority for clients: " + openssl_words()};
        return false;
    }
    watch_handshakes(fresh->context.get());
    SSL_CTX_set_alpn_select_cb(fresh->context.get(), choose_alpn, nullptr);
    set_ssl_callback(fresh->context.get(), SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB, show_staple);
    entries_.push_back(std::move(fresh));
    add_names(entries_.size() - 1);
    return true;
}

// Of several that have a name the first one is shown.
void tls_server_set::add_names(std::size_t which) {
    for (std::string &each : dns_names(leaf_of(entries_[which]->context.get())))
        names_.try_emplace(std::move(each), which);
}

void tls_server_set::staple(const std::string &file) {
    std::string why;
    const auto response = ocsp_response::read(file, why);
    if (response == nullptr) return warn_of_staple(why);
    bool known = false;
    for (const auto &each : entries_) {
        SSL_CTX *const context = each->context.get();
        switch (response->judge(leaf_of(context), issuer_of(context))) {
        case ocsp_response::verdict::of_another:
            continue;
        case ocsp_response::verdict::malformed:
            return warn_of_staple(file + " is malformed");
        case ocsp_response::verdict::expired:
            return warn_of_staple(file + " has expired, or is not valid yet");
        case ocsp_response::verdict::revoked:
            log(log_level::warning, file + " says that the server's certificate is revoked");
            break;
        case ocsp_response::verdict::good:
            break;
        }
        each->staple = response->der();
        each->staple_until = response->until();
        known = true;
    }
    if (!known) warn_of_staple(file + " is about none of the server's certificates");
}

SSL_CTX *tls_server_set::context_for(const char *name) const noexcept {
    SSL_CTX *const otherwise = entries_.front()->context.get();
    if (name == nullptr) return otherwise;
    std::array<char, 256> lower{}; // longer ones OpenSSL refuses
    std::size_t size = 0;
    for (; name[size] != '\0' && size < lower.size(); ++size)
        lower[size] =
            name[size] >= 'A' && name[size] <= 'Z' ? static_cast<char>(name[size] - 'A' + 'a') : name[size];
    if (size == lower.size()) return otherwise;
    std::string_view wanted(lower.data(), size);
    if (wanted.ends_with('.')) wanted.remove_suffix(1);
    if (const auto at = names_.find(wanted); at != names_.end()) return entries_[at->second]->context.get();
    const std::size_t dot = wanted.find('.');
    if (dot == std::string_view::npos || dot == 0) return otherwise;
    lower[dot - 1] = '*'; // stands for all of the first label, and no more
    const auto at = names_.find(wanted.substr(dot - 1));
    return at != names_.end() ? entries_[at->second]->context.get() : otherwise;
}

bytes_view tls_server_set::staple_for(const SSL_CTX *context, std::time_t now) const noexcept {
    for (const auto &each : entries_) {
        if (each->context.get() != context) continue;
        if (each->staple.empty() || each->staple_until == 0 || now <= each->staple_until) return each->staple;
        if (!each->told.exchange(true))
            log(log_level::warning, "an OCSP response has expired, and is not shown any more");
        return {};
    }
    return {};
}

} // namespace cryo_core::net

#endif
