#include "net/tls_client.h"

#include "net/tls_client_inside.h"

#ifdef CRYO_LWS_OVER_OPENSSL
#include <openssl/err.h>
#endif

namespace cryo_core::net {

#ifdef CRYO_LWS_OVER_OPENSSL

namespace {

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

bool trust(client_tls::inside &into, const client_tls_source &from, failure &why) {
    into.trusted.reset(X509_STORE_new());
    if (into.trusted == nullptr) throw std::bad_alloc();
    // A system without any is no failure: then nobody is trusted, and connecting says so.
    if (from.system_ca) X509_STORE_set_default_paths(into.trusted.get());
    ERR_clear_error();
    if (from.ca_file.empty() && from.ca.empty()) return true;
    der_chain authorities;
    if (!load_certificates(from.ca_file, from.ca, authorities, why)) return false;
    for (const auto &der : authorities) {
        const certificate_ptr each = parse(der);
        if (each == nullptr || X509_STORE_add_cert(into.trusted.get(), each.get()) != 1) {
            why = refused("a certificate of an authority");
            return false;
        }
    }
    return true;
}

bool identify(client_tls::inside &into, const tls_source &from, failure &why) {
    if (from.certificate_file.empty() && from.certificate.empty() && from.key_file.empty() &&
        from.key.empty())
        return true;
    const auto material = tls_material::load(from, why);
    if (material == nullptr) return false;
    for (const auto &der : material->chain()) {
        into.chain.push_back(parse(der));
        if (into.chain.back() == nullptr) {
            why = refused("the client's certificate");
            return false;
        }
    }
    const unsigned char *at = material->key().data();
    into.key.reset(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(material->key().size())));
    if (into.key == nullptr) why = refused("the client's key");
    return into.key != nullptr;
}

} // namespace

std::shared_ptr<const client_tls> client_tls::load(const client_tls_source &from, failure &why) {
    why = {};
    const std::shared_ptr<client_tls> made(new client_tls);
    made->inside_ = std::make_unique<inside>();
    if (!trust(*made->inside_, from, why) || !identify(*made->inside_, from.identity, why)) return nullptr;
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
