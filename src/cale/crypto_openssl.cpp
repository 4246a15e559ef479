// The primitives on OpenSSL's libcrypto, 3.0 and later.
#include "cale/crypto.h"

#include <algorithm>
#include <new>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

namespace cryo_core::cale::crypto {

namespace {

template <auto Free>
struct freed_by {
    template <typename Type>
    void operator()(Type *value) const noexcept {
        Free(value);
    }
};

template <typename Type, auto Free>
using owned = std::unique_ptr<Type, freed_by<Free>>;

using owned_key = owned<EVP_PKEY, EVP_PKEY_free>;
using owned_key_context = owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using owned_cipher = owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using owned_number = owned<BIGNUM, BN_clear_free>;
using owned_group = owned<EC_GROUP, EC_GROUP_free>;
using owned_point = owned<EC_POINT, EC_POINT_free>;
using owned_builder = owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using owned_params = owned<OSSL_PARAM, OSSL_PARAM_free>;

constexpr const char *curve_name = "P-256";

void wipe_bytes(bytes_mut secret) noexcept {
    OPENSSL_cleanse(secret.data(), secret.size());
}

// What a failure leaves in this thread's queue of errors must not be taken for one of a TLS connection.
class quiet_errors {
  public:
    quiet_errors() noexcept { ERR_set_mark(); }
    quiet_errors(const quiet_errors &) = delete;
    quiet_errors &operator=(const quiet_errors &) = delete;
    ~quiet_errors() { ERR_pop_to_mark(); }
};

// The public point of a scalar between 1 and n - 1, or false.
bool multiply_base(bytes_view scalar, public_key &out, owned_number &number) noexcept {
    const owned_group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    number.reset(BN_bin2bn(scalar.data(), static_cast<int>(scalar.size()), nullptr));
    if (group == nullptr || number == nullptr) return false;
    if (BN_is_zero(number.get()) || BN_cmp(number.get(), EC_GROUP_get0_order(group.get())) >= 0) return false;
    const owned_point point(EC_POINT_new(group.get()));
    return point != nullptr &&
           EC_POINT_mul(group.get(), point.get(), number.get(), nullptr, nullptr, nullptr) == 1 &&
           EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, out.data(), out.size(),
                              nullptr) == out.size();
}

owned_key key_from(const BIGNUM *scalar, const public_key &point) noexcept {
    const owned_builder builder(OSSL_PARAM_BLD_new());
    if (builder == nullptr ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve_name, 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar) != 1)
        return nullptr;
    const owned_params params(OSSL_PARAM_BLD_to_param(builder.get()));
    const owned_key_context context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY *made = nullptr;
    if (params == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_KEYPAIR, params.get()) != 1)
        return nullptr;
    return owned_key(made);
}

class openssl_key_pair final : public key_pair {
  public:
    bool generate() noexcept {
        key_.reset(EVP_EC_gen(curve_name));
        std::size_t size = 0;
        return key_ != nullptr &&
               EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, point_.data(),
                                               point_.size(), &size) == 1 &&
               size == point_.size();
    }

    bool take(bytes_view scalar) noexcept {
        owned_number number;
        if (!multiply_base(scalar, point_, number)) return false;
        key_ = key_from(number.get(), point_);
        return key_ != nullptr;
    }

    agreement agree(bytes_view peer, shared_secret &out) noexcept override {
        const quiet_errors quiet;
        if (peer.size() != codec::public_key_size || peer[0] != uncompressed_point) return agreement::refused;
        const owned_key theirs(EVP_PKEY_new());
        if (theirs == nullptr || EVP_PKEY_copy_parameters(theirs.get(), key_.get()) != 1)
            return agreement::failed;
        // Reads coordinates below p of a point on the curve, or fails; the cofactor is 1, so nothing is left
        // to check.
        if (EVP_PKEY_set1_encoded_public_key(theirs.get(), peer.data(), peer.size()) != 1)
            return agreement::refused;
        const owned_key_context context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
        std::size_t size = coordinate_size;
        if (context == nullptr || EVP_PKEY_derive_init(context.get()) != 1 ||
            EVP_PKEY_derive_set_peer_ex(context.get(), theirs.get(), 0) != 1 ||
            EVP_PKEY_derive(context.get(), out.span().data(), &size) != 1 || size != coordinate_size)
            return agreement::failed;
        return agreement::reached;
    }

  private:
    owned_key key_;
};

// EVP counts in int.
constexpr std::size_t largest_update = std::size_t{1} << 30;

bool update(EVP_CIPHER_CTX *context, bytes_mut text) noexcept {
    while (!text.empty()) {
        const bytes_mut part = text.first(std::min(text.size(), largest_update));
        int written = 0;
        if (EVP_CipherUpdate(context, part.data(), &written, part.data(), static_cast<int>(part.size())) != 1)
            return false;
        text = text.subspan(part.size());
    }
    return true;
}

// The tag as a parameter: EVP's calls for it end in such a one too, after some detours.
OSSL_PARAM tag_parameter(std::uint8_t *tag) noexcept {
    return OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag, tag_size);
}

class openssl_sealing_key final : public sealing_key {
  public:
    bool take(bytes_view key) noexcept {
        context_.reset(EVP_CIPHER_CTX_new());
        return context_ != nullptr &&
               EVP_EncryptInit_ex(context_.get(), EVP_aes_128_gcm(), nullptr, key.data(), nullptr) == 1;
    }

    bool begin(const record_iv &iv, bytes_view first, std::uint8_t *sealed) noexcept override {
        const auto size = static_cast<int>(first.size());
        int written = 0;
        return EVP_EncryptInit_ex2(context_.get(), nullptr, nullptr, iv.data(), nullptr) == 1 &&
               EVP_EncryptUpdate(context_.get(), sealed, &written, first.data(), size) == 1 &&
               written == size;
    }

    bool finish(bytes_mut rest, std::uint8_t *tag) noexcept override {
        int written = 0;
        OSSL_PARAM wanted[] = {tag_parameter(tag), OSSL_PARAM_END};
        return update(context_.get(), rest) && EVP_EncryptFinal_ex(context_.get(), tag, &written) == 1 &&
               written == 0 && EVP_CIPHER_CTX_get_params(context_.get(), wanted) == 1;
    }

  private:
    owned_cipher context_;
};

class openssl_opening_key final : public opening_key {
  public:
    bool take(bytes_view key) noexcept {
        context_.reset(EVP_CIPHER_CTX_new());
        return context_ != nullptr &&
               EVP_DecryptInit_ex(context_.get(), EVP_aes_128_gcm(), nullptr, key.data(), nullptr) == 1;
    }

    std::optional<bytes_mut> open(bytes_mut record) noexcept override {
        const bytes_mut text = record.subspan(iv_size, record.size() - record_overhead);
        std::uint8_t *const tag = record.data() + record.size() - tag_size;
        const OSSL_PARAM expected[] = {tag_parameter(tag), OSSL_PARAM_END};
        int written = 0;
        if (EVP_DecryptInit_ex2(context_.get(), nullptr, nullptr, record.data(), expected) == 1 &&
            update(context_.get(), text) && EVP_DecryptFinal_ex(context_.get(), tag, &written) == 1)
            return text;
        ERR_clear_error(); // as with quiet_errors, which would cost each record that is good as well
        wipe_bytes(text);
        return std::nullopt;
    }

  private:
    owned_cipher context_;
};

template <typename Key>
std::unique_ptr<Key> make_with(bytes_view bytes) noexcept {
    const quiet_errors quiet;
    std::unique_ptr<Key> made(new (std::nothrow) Key);
    if (made == nullptr || !made->take(bytes)) return nullptr;
    return made;
}

std::unique_ptr<key_pair> make_key_pair() noexcept {
    const quiet_errors quiet;
    std::unique_ptr<openssl_key_pair> made(new (std::nothrow) openssl_key_pair);
    if (made == nullptr || !made->generate()) return nullptr;
    return made;
}

std::unique_ptr<key_pair> key_pair_from(bytes_view scalar) noexcept {
    if (scalar.size() != scalar_size) return nullptr;
    return make_with<openssl_key_pair>(scalar);
}

bool sha256(bytes_view data, digest &out) noexcept {
    const quiet_errors quiet;
    return EVP_Digest(data.data(), data.size(), out.span().data(), nullptr, EVP_sha256(), nullptr) == 1;
}

std::unique_ptr<sealing_key> make_sealing_key(bytes_view key) noexcept {
    if (key.size() != key_size) return nullptr;
    return make_with<openssl_sealing_key>(key);
}

std::unique_ptr<opening_key> make_opening_key(bytes_view key) noexcept {
    if (key.size() != key_size) return nullptr;
    return make_with<openssl_opening_key>(key);
}

constexpr provider functions{.name = "OpenSSL",
                             .slow = false,
                             .make_key_pair = make_key_pair,
                             .key_pair_from = key_pair_from,
                             .sha256 = sha256,
                             .make_sealing_key = make_sealing_key,
                             .make_opening_key = make_opening_key,
                             .wipe = wipe_bytes};

} // namespace

const provider &openssl() noexcept {
    return functions;
}

} // namespace cryo_core::cale::crypto
