#include "limit_cale.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/ecdh.h>
#include <mbedtls/entropy.h>
#include <mbedtls/gcm.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <cstring>

namespace limit {
namespace {

void hash_secret(const std::uint8_t *secret, std::uint8_t *keys) {
    EVP_Digest(secret, 32, keys, nullptr, EVP_sha256(), nullptr);
}

class with_openssl final : public cale {
  public:
    ~with_openssl() override {
        EVP_CIPHER_CTX_free(sending_);
        EVP_CIPHER_CTX_free(receiving_);
        EVP_PKEY_free(own_);
    }

    bool hello(std::uint8_t *point) override {
        own_ = EVP_EC_gen("P-256");
        std::size_t size = 0;
        return own_ != nullptr &&
               EVP_PKEY_get_octet_string_param(own_, "pub", point, point_size, &size) == 1 &&
               size == point_size;
    }

    bool agree(const std::uint8_t *point, std::size_t size) override {
        EVP_PKEY *const peer = EVP_PKEY_new();
        std::uint8_t secret[32];
        std::uint8_t keys[32];
        std::size_t secret_size = sizeof secret;
        bool good = EVP_PKEY_copy_parameters(peer, own_) == 1 &&
                    EVP_PKEY_set1_encoded_public_key(peer, point, size) == 1;
        EVP_PKEY_CTX *const context = EVP_PKEY_CTX_new(own_, nullptr);
        good = good && EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_derive_set_peer(context, peer) == 1 &&
               EVP_PKEY_derive(context, secret, &secret_size) == 1;
        EVP_PKEY_CTX_free(context);
        EVP_PKEY_free(peer);
        EVP_PKEY_free(own_);
        own_ = nullptr;
        if (!good) return false;
        hash_secret(secret, keys);
        sending_ = EVP_CIPHER_CTX_new();
        receiving_ = EVP_CIPHER_CTX_new();
        return EVP_EncryptInit_ex(sending_, EVP_aes_128_gcm(), nullptr, keys, nullptr) == 1 &&
               EVP_DecryptInit_ex(receiving_, EVP_aes_128_gcm(), nullptr, keys + 16, nullptr) == 1;
    }

    bool open(std::uint8_t *record, std::size_t size) override {
        int length = 0;
        const auto text = static_cast<int>(size - record_extra);
        return EVP_DecryptInit_ex(receiving_, nullptr, nullptr, nullptr, record) == 1 &&
               EVP_DecryptUpdate(receiving_, record + iv_size, &length, record + iv_size, text) == 1 &&
               EVP_CIPHER_CTX_ctrl(receiving_, EVP_CTRL_AEAD_SET_TAG, tag_size, record + size - tag_size) ==
                   1 &&
               EVP_DecryptFinal_ex(receiving_, record, &length) == 1;
    }

  protected:
    void encrypt(const std::uint8_t *iv, const std::uint8_t *head, const std::uint8_t *payload,
                 std::size_t size, std::uint8_t *to, std::uint8_t *tag) override {
        int length = 0;
        EVP_EncryptInit_ex(sending_, nullptr, nullptr, nullptr, iv);
        // One call for all of it, which is in one piece once the payload stands behind the head.
        std::memcpy(to, head, frame_head);
        if (size > 0) std::memcpy(to + frame_head, payload, size);
        EVP_EncryptUpdate(sending_, to, &length, to, static_cast<int>(frame_head + size));
        EVP_EncryptFinal_ex(sending_, to, &length);
        EVP_CIPHER_CTX_ctrl(sending_, EVP_CTRL_AEAD_GET_TAG, tag_size, tag);
    }

  private:
    EVP_PKEY *own_ = nullptr;
    EVP_CIPHER_CTX *sending_ = nullptr;
    EVP_CIPHER_CTX *receiving_ = nullptr;
};

struct randomness {
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context drbg;
    mbedtls_ecp_group group;

    randomness() {
        mbedtls_entropy_init(&entropy);
        mbedtls_ctr_drbg_init(&drbg);
        mbedtls_ctr_drbg_seed(&drbg, mbedtls_entropy_func, &entropy, nullptr, 0);
        mbedtls_ecp_group_init(&group);
        mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_SECP256R1);
    }
    static randomness &of_this_thread() {
        static thread_local randomness one;
        return one;
    }
};

class with_mbedtls final : public cale {
  public:
    with_mbedtls() {
        mbedtls_mpi_init(&own_);
        mbedtls_gcm_init(&sending_);
        mbedtls_gcm_init(&receiving_);
    }
    ~with_mbedtls() override {
        mbedtls_mpi_free(&own_);
        mbedtls_gcm_free(&sending_);
        mbedtls_gcm_free(&receiving_);
    }

    bool hello(std::uint8_t *point) override {
        randomness &with = randomness::of_this_thread();
        mbedtls_ecp_point made;
        mbedtls_ecp_point_init(&made);
        std::size_t size = 0;
        const bool good =
            mbedtls_ecdh_gen_public(&with.group, &own_, &made, mbedtls_ctr_drbg_random, &with.drbg) == 0 &&
            mbedtls_ecp_point_write_binary(&with.group, &made, MBEDTLS_ECP_PF_UNCOMPRESSED, &size, point,
                                           point_size) == 0;
        mbedtls_ecp_point_free(&made);
        return good;
    }

    bool agree(const std::uint8_t *point, std::size_t size) override {
        randomness &with = randomness::of_this_thread();
        mbedtls_ecp_point peer;
        mbedtls_mpi secret;
        mbedtls_ecp_point_init(&peer);
        mbedtls_mpi_init(&secret);
        std::uint8_t bytes[32];
        std::uint8_t keys[32];
        const bool good = mbedtls_ecp_point_read_binary(&with.group, &peer, point, size) == 0 &&
                          mbedtls_ecdh_compute_shared(&with.group, &secret, &peer, &own_,
                                                      mbedtls_ctr_drbg_random, &with.drbg) == 0 &&
                          mbedtls_mpi_write_binary(&secret, bytes, sizeof bytes) == 0;
        mbedtls_mpi_free(&secret);
        mbedtls_ecp_point_free(&peer);
        mbedtls_mpi_free(&own_);
        if (!good) return false;
        hash_secret(bytes, keys);
        return mbedtls_gcm_setkey(&sending_, MBEDTLS_CIPHER_ID_AES, keys, 128) == 0 &&
               mbedtls_gcm_setkey(&receiving_, MBEDTLS_CIPHER_ID_AES, keys + 16, 128) == 0;
    }

    bool open(std::uint8_t *record, std::size_t size) override {
        return mbedtls_gcm_auth_decrypt(&receiving_, size - record_extra, record, iv_size, nullptr, 0,
                                        record + size - tag_size, tag_size, record + iv_size,
                                        record + iv_size) == 0;
    }

  protected:
    void encrypt(const std::uint8_t *iv, const std::uint8_t *head, const std::uint8_t *payload,
                 std::size_t size, std::uint8_t *to, std::uint8_t *tag) override {
        std::memcpy(to, head, frame_head);
        if (size > 0) std::memcpy(to + frame_head, payload, size);
        mbedtls_gcm_crypt_and_tag(&sending_, MBEDTLS_GCM_ENCRYPT, frame_head + size, iv, iv_size, nullptr, 0,
                                  to, to, tag_size, tag);
    }

  private:
    mbedtls_mpi own_;
    mbedtls_gcm_context sending_;
    mbedtls_gcm_context receiving_;
};

} // namespace

std::unique_ptr<cale> cale::make(bool mbedtls) {
    if (mbedtls) return std::make_unique<with_mbedtls>();
    return std::make_unique<with_openssl>();
}

} // namespace limit
