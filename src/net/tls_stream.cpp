#include "net/tls_stream.h"

#include "net/tls_client_inside.h"

#include <algorithm>

#ifdef CRYO_LWS_OVER_OPENSSL
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#endif

namespace cryo_core::net {

#ifdef CRYO_LWS_OVER_OPENSSL

struct tls_stream::inside {
    std::unique_ptr<SSL, freed_by<SSL_free>> ssl;
    int alert = 0; // the last fatal one of the server
};

namespace {

tls_carrier &carrier_of(BIO *bio) noexcept {
    return *static_cast<tls_carrier *>(BIO_get_data(bio));
}

int bio_read(BIO *bio, char *into, int size) noexcept {
    BIO_clear_retry_flags(bio);
    const auto got = carrier_of(bio).receive(
        {reinterpret_cast<std::uint8_t *>(into), static_cast<std::size_t>(std::max(size, 0))});
    if (!got) return 0;
    if (*got > 0) return static_cast<int>(*got);
    BIO_set_retry_read(bio);
    return -1;
}

int bio_write(BIO *bio, const char *from, int size) noexcept {
    BIO_clear_retry_flags(bio);
    const bytes_view data(reinterpret_cast<const std::uint8_t *>(from),
                          static_cast<std::size_t>(std::max(size, 0)));
    return carrier_of(bio).send(data) ? size : -1;
}

long bio_control(BIO *, int command, long, void *) noexcept {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int bio_create(BIO *bio) noexcept {
    BIO_set_init(bio, 1);
    return 1;
}

// Never freed: connections may live until the very end of the process.
const BIO_METHOD *bio_method() noexcept {
    static const BIO_METHOD *const made = [] {
        BIO_METHOD *const method =
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "the connection of a client");
        if (method == nullptr) return method;
        BIO_meth_set_read(method, bio_read);
        BIO_meth_set_write(method, bio_write);
        BIO_meth_set_ctrl(method, bio_control);
        BIO_meth_set_create(method, bio_create);
        return method;
    }();
    return made;
}

// The macro for it has a cast that warns.
bool set_server_name(SSL *ssl, const std::string &name) noexcept {
    return SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    const_cast<char *>(name.c_str())) == 1;
}

// SNI has names only, and no dot behind them (RFC 6066 section 3); certificates have none there either.
bool expect_name(SSL *ssl, std::string host) {
    host.resize(std::min(host.find('%'), host.size())); // the scope is ours
    X509_VERIFY_PARAM *const expected = SSL_get0_param(ssl);
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const std::unique_ptr<ASN1_OCTET_STRING, freed_by<ASN1_OCTET_STRING_free>> numeric(
        a2i_IPADDRESS(host.c_str()));
    if (numeric != nullptr)
        return X509_VERIFY_PARAM_set1_ip(expected, ASN1_STRING_get0_data(numeric.get()),
                                         static_cast<std::size_t>(ASN1_STRING_length(numeric.get()))) == 1;
    if (host.ends_with('.')) host.pop_back();
    return set_server_name(ssl, host) && X509_VERIFY_PARAM_set1_host(expected, host.data(), host.size()) == 1;
}

// OpenSSL 3.0 has no words for those of TLS 1.3.
const char *alert_words(int alert) noexcept {
    switch (alert) {
    case SSL_AD_CERTIFICATE_REQUIRED:
        return "certificate required";
    case SSL_AD_MISSING_EXTENSION:
        return "missing extension";
    case SSL_AD_NO_APPLICATION_PROTOCOL:
        return "no application protocol";
    default:
        return SSL_alert_desc_string_long(alert);
    }
}

void note_alert(const SSL *ssl, int where, int value) noexcept {
    if (where == SSL_CB_READ_ALERT && (value >> 8) == SSL3_AL_FATAL)
        static_cast<tls_stream::inside *>(SSL_get_app_data(ssl))->alert = value & 0xff;
}

} // namespace

std::unique_ptr<tls_stream> tls_stream::make(std::shared_ptr<const client_tls> with, const std::string &host,
                                             tls_carrier &below, failure &why) {
    std::unique_ptr<tls_stream> made(new tls_stream(std::move(with)));
    made->inside_ = std::make_unique<inside>();
    SSL *const ssl = SSL_new(made->with_->get().context.get());
    made->inside_->ssl.reset(ssl);
    BIO *const bio = ssl == nullptr || bio_method() == nullptr ? nullptr : BIO_new(bio_method());
    if (bio != nullptr) {
        BIO_set_data(bio, &below);
        SSL_set_bio(ssl, bio, bio);
    }
    if (bio == nullptr || !expect_name(ssl, host)) {
        ERR_clear_error();
        why = {status::tls, "the TLS library cannot make a connection to " + host};
        return nullptr;
    }
    SSL_set_app_data(ssl, made->inside_.get());
    SSL_set_info_callback(ssl, note_alert);
    SSL_set_connect_state(ssl);
    return made;
}

void tls_stream::note_words() noexcept {
    if (const char *const words = ERR_reason_error_string(ERR_peek_error()); words != nullptr) words_ = words;
    ERR_clear_error();
}

tls_stream::step tls_stream::shake_hands() noexcept {
    ERR_clear_error();
    SSL *const ssl = inside_->ssl.get();
    const int outcome = SSL_do_handshake(ssl);
    if (outcome == 1) return step::done;
    if (SSL_get_error(ssl, outcome) == SSL_ERROR_WANT_READ) return step::waits;
    note_words();
    return step::failed;
}

std::optional<std::size_t> tls_stream::read(bytes_mut into) noexcept {
    ERR_clear_error();
    SSL *const ssl = inside_->ssl.get();
    std::size_t size = 0;
    const int outcome = SSL_read_ex(ssl, into.data(), into.size(), &size);
    if (outcome == 1) return size;
    if (SSL_get_error(ssl, outcome) == SSL_ERROR_WANT_READ) return 0;
    note_words();
    return std::nullopt;
}

bool tls_stream::write(bytes_view data) noexcept {
    ERR_clear_error();
    std::size_t size = 0;
    if (SSL_write_ex(inside_->ssl.get(), data.data(), data.size(), &size) == 1) return size == data.size();
    note_words();
    return false;
}

void tls_stream::say_end() noexcept {
    ERR_clear_error();
    SSL_shutdown(inside_->ssl.get());
    ERR_clear_error();
}

failure tls_stream::objection(const std::string &host) const {
    const long result = SSL_get_verify_result(inside_->ssl.get());
    const std::string whose = "the certificate of " + host;
    switch (result) {
    case X509_V_OK:
        break;
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
    if (inside_->alert != 0)
        return {status::tls, host + " refuses the TLS connection: " + alert_words(inside_->alert)};
    return {};
}

#else

struct tls_stream::inside {};

std::unique_ptr<tls_stream> tls_stream::make(std::shared_ptr<const client_tls>, const std::string &,
                                             tls_carrier &, failure &why) {
    why = {status::unsupported, "TLS for clients needs a libwebsockets that was built on OpenSSL"};
    return nullptr;
}
void tls_stream::note_words() noexcept {}
tls_stream::step tls_stream::shake_hands() noexcept {
    return step::failed;
}
std::optional<std::size_t> tls_stream::read(bytes_mut) noexcept {
    return std::nullopt;
}
bool tls_stream::write(bytes_view) noexcept {
    return false;
}
void tls_stream::say_end() noexcept {}
failure tls_stream::objection(const std::string &) const {
    return {};
}

#endif

tls_stream::tls_stream(std::shared_ptr<const client_tls> with) noexcept : with_(std::move(with)) {}
tls_stream::~tls_stream() = default;

} // namespace cryo_core::net
