// Certificates and keys for tests, made afresh so that none of them expires in the tree.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/oid.h>
#include <mbedtls/pk.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

namespace cryo_test {

class certificate_maker {
  public:
    certificate_maker() {
        mbedtls_entropy_init(&entropy_);
        mbedtls_ctr_drbg_init(&random_);
        check(mbedtls_ctr_drbg_seed(&random_, mbedtls_entropy_func, &entropy_, nullptr, 0));
    }
    certificate_maker(const certificate_maker &) = delete;
    certificate_maker &operator=(const certificate_maker &) = delete;
    ~certificate_maker() {
        mbedtls_ctr_drbg_free(&random_);
        mbedtls_entropy_free(&entropy_);
    }

    struct key_deleter {
        void operator()(mbedtls_pk_context *pk) const {
            mbedtls_pk_free(pk);
            delete pk;
        }
    };
    using key = std::unique_ptr<mbedtls_pk_context, key_deleter>;

    key make_ec_key() { return make_key(MBEDTLS_PK_ECKEY); }
    key make_rsa_key(unsigned bits = 2048) { return make_key(MBEDTLS_PK_RSA, bits); }

    static std::string pem_of(const key &k) {
        std::array<unsigned char, 8192> text{};
        check(mbedtls_pk_write_key_pem(k.get(), text.data(), text.size()));
        return reinterpret_cast<const char *>(text.data());
    }

    struct order {
        std::string subject = "CN=localhost";
        std::string from = "20200101000000";
        std::string to = "20991231235959";
        bool authority = false;
        std::string name = "localhost"; // up to 100 bytes
    };

    // PEM, for the name and 127.0.0.1, signed by the issuer.
    std::string certify(const order &what, const key &subject, const std::string &issuer,
                        const key &issuer_key) {
        // SEQUENCE { dNSName, iPAddress }
        std::vector<unsigned char> names{0x30, static_cast<unsigned char>(what.name.size() + 8), 0x82,
                                         static_cast<unsigned char>(what.name.size())};
        names.insert(names.end(), what.name.begin(), what.name.end());
        names.insert(names.end(), {0x87, 0x04, 0x7f, 0x00, 0x00, 0x01});
        mbedtls_x509write_cert c;
        mbedtls_x509write_crt_init(&c);
        std::array<unsigned char, 8192> text{};
        mbedtls_x509write_crt_set_version(&c, MBEDTLS_X509_CRT_VERSION_3);
        mbedtls_x509write_crt_set_md_alg(&c, MBEDTLS_MD_SHA256);
        mbedtls_x509write_crt_set_subject_key(&c, subject.get());
        mbedtls_x509write_crt_set_issuer_key(&c, issuer_key.get());
        int error = set_serial(c, ++serial_);
        if (error == 0) error = mbedtls_x509write_crt_set_validity(&c, what.from.c_str(), what.to.c_str());
        if (error == 0) error = mbedtls_x509write_crt_set_subject_name(&c, what.subject.c_str());
        if (error == 0) error = mbedtls_x509write_crt_set_issuer_name(&c, issuer.c_str());
        if (error == 0) error = mbedtls_x509write_crt_set_basic_constraints(&c, what.authority ? 1 : 0, -1);
        if (error == 0)
            error = mbedtls_x509write_crt_set_extension(&c, MBEDTLS_OID_SUBJECT_ALT_NAME,
                                                        MBEDTLS_OID_SIZE(MBEDTLS_OID_SUBJECT_ALT_NAME), 0,
                                                        names.data(), names.size());
        if (error == 0)
            error =
                mbedtls_x509write_crt_pem(&c, text.data(), text.size(), mbedtls_ctr_drbg_random, &random_);
        mbedtls_x509write_crt_free(&c);
        check(error);
        return reinterpret_cast<const char *>(text.data());
    }

    std::string self_signed(const order &what, const key &k) { return certify(what, k, what.subject, k); }

  private:
    static void check(int error) {
        if (error != 0) throw std::runtime_error("mbedTLS: " + std::to_string(error));
    }

    static int set_serial(mbedtls_x509write_cert &c, unsigned char number) {
#if MBEDTLS_VERSION_NUMBER >= 0x03040000 // which deprecates the other function
        return mbedtls_x509write_crt_set_serial_raw(&c, &number, 1);
#else
        mbedtls_mpi serial;
        mbedtls_mpi_init(&serial);
        int error = mbedtls_mpi_lset(&serial, number);
        if (error == 0) error = mbedtls_x509write_crt_set_serial(&c, &serial);
        mbedtls_mpi_free(&serial);
        return error;
#endif
    }

    key make_key(mbedtls_pk_type_t type, unsigned bits = 0) {
        key k(new mbedtls_pk_context);
        mbedtls_pk_init(k.get());
        check(mbedtls_pk_setup(k.get(), mbedtls_pk_info_from_type(type)));
        check(type == MBEDTLS_PK_RSA
                  ? mbedtls_rsa_gen_key(mbedtls_pk_rsa(*k), mbedtls_ctr_drbg_random, &random_, bits, 65537)
                  : mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(*k), mbedtls_ctr_drbg_random,
                                        &random_));
        return k;
    }

    mbedtls_entropy_context entropy_;
    mbedtls_ctr_drbg_context random_;
    unsigned char serial_ = 0;
};

} // namespace cryo_test
