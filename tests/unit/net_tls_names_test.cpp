// What a certificate says of its owner, also when it was made to deceive.
#include "cmocka.hpp"

#include "net/tls_names.h"

#include <cstring>
#include <openssl/x509v3.h>
#include <string>
#include <vector>

using namespace cryo_core;
using net::certificate_ptr;

namespace {

struct alternative {
    int type;
    std::string text; // an address: its bytes
};

void add_names(X509 *to, const std::vector<alternative> &names) {
    GENERAL_NAMES *const all = sk_GENERAL_NAME_new_null();
    for (const alternative &each : names) {
        GENERAL_NAME *const one = GENERAL_NAME_new();
        if (each.type == GEN_IPADD) {
            ASN1_OCTET_STRING *const bytes = ASN1_OCTET_STRING_new();
            ASN1_OCTET_STRING_set(bytes, reinterpret_cast<const unsigned char *>(each.text.data()),
                                  static_cast<int>(each.text.size()));
            GENERAL_NAME_set0_value(one, GEN_IPADD, bytes);
        } else {
            ASN1_IA5STRING *const text = ASN1_IA5STRING_new();
            ASN1_STRING_set(text, each.text.data(), static_cast<int>(each.text.size()));
            GENERAL_NAME_set0_value(one, each.type, text);
        }
        sk_GENERAL_NAME_push(all, one);
    }
    assert_int_equal(X509_add1_ext_i2d(to, NID_subject_alt_name, all, 0, X509V3_ADD_DEFAULT), 1);
    GENERAL_NAMES_free(all);
}

struct subject_part {
    const char *kind;
    int encoding;
    std::string text;
};

certificate_ptr make(const std::vector<subject_part> &subject, const std::vector<alternative> &names) {
    certificate_ptr made(X509_new());
    const net::key_ptr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
    X509_NAME *const name = X509_get_subject_name(made.get());
    for (const subject_part &each : subject)
        assert_int_equal(X509_NAME_add_entry_by_txt(name, each.kind, each.encoding,
                                                    reinterpret_cast<const unsigned char *>(each.text.data()),
                                                    static_cast<int>(each.text.size()), -1, 0),
                         1);
    X509_set_pubkey(made.get(), key.get());
    if (!names.empty()) add_names(made.get(), names);
    assert_true(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
    return made;
}

void an_ordinary_one(void **) {
    const auto told = net::describe(
        make({{"O", MBSTRING_UTF8, "Example, Inc."}, {"CN", MBSTRING_UTF8, "Zoë"}},
             {{GEN_DNS, "a.example"},
              {GEN_EMAIL, "zoe@example.org"},
              {GEN_URI, "urn:example:zoe"},
              {GEN_IPADD, std::string("\xc0\x00\x02\x07", 4)},
              {GEN_IPADD,
               std::string("\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01", 16)}})
            .get());
    assert_string_equal(told->subject.c_str(), "CN=Zoë,O=Example\\, Inc.");
    const std::vector<std::string> names{"DNS:a.example", "email:zoe@example.org", "URI:urn:example:zoe",
                                         "IP:192.0.2.7", "IP:2001:db8:0:0:0:0:0:1"};
    assert_true(told->names == names);
    assert_int_equal(told->fingerprint.size(), 64);
    assert_true(told->fingerprint.find_first_not_of("0123456789abcdef") == std::string::npos);
}

void without_anything(void **) {
    const auto told = net::describe(make({}, {}).get());
    assert_string_equal(told->subject.c_str(), "");
    assert_true(told->names.empty());
    assert_int_equal(told->fingerprint.size(), 64);
}

// Whoever compares names must not be told half of one.
void names_that_deceive(void **) {
    const auto certificate = make({{"CN", MBSTRING_ASC, std::string("good.example\0.evil.example", 26)},
                                   {"O", MBSTRING_ASC, "line\nline"}},
                                  {{GEN_DNS, std::string("good.example\0.evil.example", 26)},
                                   {GEN_DNS, "two\nlines.example"},
                                   {GEN_DNS, "b\xc3\xbc.example"},
                                   {GEN_DNS, ""},
                                   {GEN_EMAIL, std::string("a@b\0c", 5)},
                                   {GEN_URI, "\x7f"},
                                   {GEN_IPADD, "abc"},
                                   {GEN_DNS, "honest.example"}});
    const auto told = net::describe(certificate.get());
    assert_true(told->names == std::vector<std::string>{"DNS:honest.example"});
    assert_true(told->subject.find('\0') == std::string::npos);
    assert_true(told->subject.find('\n') == std::string::npos);
    assert_non_null(std::strstr(told->subject.c_str(), ".evil.example"));
    assert_true(net::dns_names(certificate.get()) == std::vector<std::string>{"honest.example"});
}

// What is no text in its own encoding OpenSSL does not even read.
void a_subject_in_another_encoding(void **) {
    const auto wide =
        net::describe(make({{"CN", V_ASN1_BMPSTRING, std::string("\x00Z\x00o\x00\xeb", 6)}}, {}).get());
    assert_string_equal(wide->subject.c_str(), "CN=Zoë");
}

void names_for_servers(void **) {
    const auto certificate =
        make({{"CN", MBSTRING_ASC, "not.this.example"}},
             {{GEN_DNS, "WWW.Example"}, {GEN_DNS, "*.Example."}, {GEN_DNS, "."}, {GEN_URI, "a"}});
    assert_true(net::dns_names(certificate.get()) == (std::vector<std::string>{"www.example", "*.example"}));
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(an_ordinary_one),    cmocka_unit_test(without_anything),
        cmocka_unit_test(names_that_deceive), cmocka_unit_test(a_subject_in_another_encoding),
        cmocka_unit_test(names_for_servers),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
