// Each way in which a certificate and a key can be wrong has its own status and words.
#include "cmocka.hpp"

#include "certificates.hpp"
#include "net/loop.h"
#include "net/tls_server.h"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <mbedtls/base64.h>
#include <unistd.h>
#include <utility>

using namespace cryo_core;
using net::server_tls;
using net::tls_source;

namespace {

constexpr const char *encrypted_key = R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgPxGT33kQsEAICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEKvzamd/s99U8v0vppxW7xMEgZDI
7d2dSC/954GPjnrdF2m7iCW2PjXRtvFNrKSa5A0Ba1/k8NnofaXnEQsLIKFexrXq
45n9eWDH3dua3Z3/LbMICzBPSzGE6p5EPUd4PcBIGFnZ+U7oqQbGZjif8sKmcmMt
zZ8sa1cVnpAZDQ/fi7koX/zte/VSJMmtOt1KF499KzjD2Y7euHJZB/19LSNUAfY=
-----END ENCRYPTED PRIVATE KEY-----
)";

constexpr const char *traditional_encrypted_key = R"(-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,EF6A88763033C0A421F0839ACAD99A72

qoxKXxJwn3IJ8rLYGVeugmkpPu8q7Ue6OMVLvkmKZnLoTPX3htDPVhwgU89OMmnx
/TgdRBVZQfjOnSloiN7e9bBuVEmCX+7C+ukox+sYTggsgktvVOleDb3XbitV25Mq
S6NId4ykL9/egit5mUVf34JbTmlTVpk8c0lCGhft+NI=
-----END EC PRIVATE KEY-----
)";

struct sample {
    std::string rsa, rsa_key, ec, ec_key, other_ec_key, expired, future, chain, chain_key;
};
sample *given = nullptr;

int make_samples(void **) {
    cryo_test::certificate_maker maker;
    const auto rsa = maker.make_rsa_key();
    const auto ec = maker.make_ec_key();
    const auto other = maker.make_ec_key();
    given = new sample;
    given->rsa = maker.self_signed({}, rsa);
    given->rsa_key = maker.pem_of(rsa);
    given->ec = maker.self_signed({}, ec);
    given->ec_key = maker.pem_of(ec);
    given->other_ec_key = maker.pem_of(other);
    given->expired = maker.self_signed({.to = "20200601000000"}, ec);
    given->future = maker.self_signed({.from = "20900101000000"}, ec);
    given->chain = maker.certify({}, ec, "CN=CA", other) +
                   maker.self_signed({.subject = "CN=CA", .authority = true}, other);
    given->chain_key = given->ec_key;
    return 0;
}

int drop_samples(void **) {
    delete given;
    return 0;
}

tls_source in_memory(const std::string &certificate, const std::string &key) {
    tls_source s;
    s.certificate.assign(certificate.begin(), certificate.end());
    s.key.assign(key.begin(), key.end());
    return s;
}

std::shared_ptr<server_tls> load(const tls_source &from, failure &why) {
    return server_tls::load({.certificates = {from}}, why);
}

std::shared_ptr<server_tls> load(const std::string &certificate, const std::string &key, failure &why) {
    return load(in_memory(certificate, key), why);
}

void expect_failure(const std::string &certificate, const std::string &key, status code, const char *words) {
    failure why;
    assert_null(load(certificate, key, why).get());
    if (why.code != code || why.text.find(words) == std::string::npos)
        fail_msg("%d: %s", static_cast<int>(why.code), why.text.c_str());
}

class no_links final : public net::link_acceptor {
  public:
    net::link_handler *on_link(net::link &) override { return nullptr; }
};

// What we take, libwebsockets takes too.
void expect_usable(std::shared_ptr<server_tls> tls) {
    no_links none;
    failure why;
    const auto l = net::loop::create({.tls = std::move(tls)}, none, why);
    if (!l) fail_msg("%s", why.text.c_str());
}

void good_ones(void **) {
    failure why;
    auto rsa = load(given->rsa, given->rsa_key, why);
    if (!rsa) fail_msg("%s", why.text.c_str());
    expect_usable(rsa);
    auto ec = load(given->ec, given->ec_key, why);
    assert_non_null(ec.get());
    expect_usable(ec);
    auto chain = load(given->chain, given->chain_key, why);
    assert_non_null(chain.get());
    expect_usable(chain);
    // A NUL behind PEM, counted, does no harm, nor does text around it.
    assert_non_null(load("\xef\xbb\xbf" + given->chain, "\xef\xbb\xbf" + given->chain_key, why).get());
    assert_non_null(load("My certificate\n" + given->ec + std::string(1, '\0'),
                         "\n" + given->ec_key + std::string(1, '\0'), why)
                        .get());
}

std::vector<std::uint8_t> der_of(const std::string &pem) {
    const std::size_t begin = pem.find('\n') + 1;
    std::string text = pem.substr(begin, pem.find("-----END") - begin);
    std::erase(text, '\n');
    std::vector<std::uint8_t> der(text.size());
    std::size_t size = 0;
    assert_int_equal(mbedtls_base64_decode(der.data(), der.size(), &size,
                                           reinterpret_cast<const unsigned char *>(text.data()), text.size()),
                     0);
    der.resize(size);
    return der;
}

void der(void **) {
    failure why;
    for (const auto &[certificate, key] :
         {std::pair(given->rsa, given->rsa_key), std::pair(given->ec, given->ec_key)}) {
        tls_source s;
        s.certificate = der_of(certificate);
        s.key = der_of(key);
        const auto tls = load(s, why);
        if (!tls) fail_msg("%s", why.text.c_str());
        expect_usable(tls);
    }
}

void wrong_ones(void **) {
    expect_failure("", given->ec_key, status::tls_certificate, "not a certificate");
    expect_failure("nonsense", given->ec_key, status::tls_certificate, "not a certificate");
    expect_failure(given->ec_key, given->ec_key, status::tls_certificate, "not a certificate");
    expect_failure(given->ec + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                   given->ec_key, status::tls_certificate, "1 of the certificates");
    expect_failure(given->ec, "", status::tls_key, "not a private key");
    expect_failure(given->ec, "nonsense", status::tls_key, "not a private key");
    expect_failure(given->ec, given->ec, status::tls_key, "not a private key");
    expect_failure(given->ec, encrypted_key, status::tls_key, "encrypted");
    expect_failure(given->ec, given->other_ec_key, status::tls_mismatch, "does not belong");
    expect_failure(given->rsa, given->ec_key, status::tls_mismatch, "does not belong");
    expect_failure(given->ec, given->rsa_key, status::tls_mismatch, "does not belong");
    expect_failure(given->expired, given->ec_key, status::tls_expired, "expired on 2020-06-01 00:00:00 UTC");
    expect_failure(given->future, given->ec_key, status::tls_expired,
                   "not valid before 2090-01-01 00:00:00 UTC");
}

// Both forms of an encrypted key, and nobody is asked for the password.
void a_password(void **) {
    expect_failure(given->ec, traditional_encrypted_key, status::tls_key, "a password is needed");
    expect_failure(given->ec, encrypted_key, status::tls_key, "a password is needed");
    tls_source s = in_memory(given->ec, "");
    s.key = der_of(encrypted_key);
    failure why;
    assert_null(load(s, why).get());
    assert_true(why.code == status::tls_key);
    assert_non_null(std::strstr(why.text.c_str(), "a password is needed"));
}

// A failed exchange leaves everything as it was.
void exchanged(void **) {
    failure why;
    const auto tls = load(given->ec, given->ec_key, why);
    assert_non_null(tls.get());
    assert_true(!tls->exchange({.certificates = {in_memory(given->rsa, given->rsa_key)}}));
    why = tls->exchange({.certificates = {in_memory(given->ec, given->rsa_key)}});
    assert_true(why.code == status::tls_mismatch);
    assert_true(tls->exchange({}).code == status::invalid);
    assert_true(tls->exchange({.certificates = {in_memory(given->ec, given->ec_key)},
                               .require_client_certificate = true})
                    .code == status::invalid);
    assert_true(tls->exchange({.certificates = {in_memory(given->ec, given->ec_key)},
                               .ticket_keys = std::vector<std::uint8_t>(10)})
                    .code == status::invalid);
    assert_true(!tls->reload());
    expect_usable(tls);
}

// Whatever the length at which a file was cut: a failure, and no crash.
void cut_anywhere(void **) {
    for (std::size_t n = 0; n + 30 < given->ec.size(); n += 7) {
        failure why;
        assert_null(load(given->ec.substr(0, n), given->ec_key, why).get());
        assert_true(why.code == status::tls_certificate);
    }
    for (std::size_t n = 0; n + 30 < given->ec_key.size(); n += 7) {
        failure why;
        assert_null(load(given->ec, given->ec_key.substr(0, n), why).get());
        assert_true(why.code == status::tls_key);
    }
}

void files(void **) {
    char folder[] = "/tmp/cryo_tls_XXXXXX";
    assert_non_null(mkdtemp(folder));
    const std::string certificate = std::string(folder) + "/ec.pem";
    const std::string key = std::string(folder) + "/ec.key";
    std::ofstream(certificate) << given->ec;
    std::ofstream(key) << given->ec_key;
    failure why;
    assert_non_null(load({.certificate_file = certificate, .key_file = key}, why).get());
    assert_null(load({.certificate_file = certificate + "x", .key_file = key}, why).get());
    assert_true(why.code == status::tls_file);
    assert_string_equal(why.text.c_str(),
                        ("cannot read " + certificate + "x: no such file or directory").c_str());
    assert_null(load({.certificate_file = certificate, .key_file = folder}, why).get());
    assert_true(why.code == status::tls_file);
    assert_null(load({.certificate_file = "/dev/zero", .key_file = key}, why).get());
    assert_true(why.code == status::tls_file);
    unlink(certificate.c_str());
    unlink(key.c_str());
    rmdir(folder);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(good_ones),  cmocka_unit_test(der),       cmocka_unit_test(wrong_ones),
        cmocka_unit_test(a_password), cmocka_unit_test(exchanged), cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(files),
    };
    return cmocka_run_group_tests(tests, make_samples, drop_samples);
}
