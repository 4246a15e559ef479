// The primitives on mbedTLS, 2.28 and 3.x, by functions that both have.
#include "base/process_id.h"
#include "cale/crypto.h"

#include <new>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/ecdh.h>
#include <mbedtls/ecp.h>
#include <mbedtls/entropy.h>
#include <mbedtls/gcm.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/sha256.h>
#include <mbedtls/version.h>

namespace cryo_core::cale::crypto {

namespace {

void wipe_bytes(bytes_mut secret) noexcept {
    mbedtls_platform_zeroize(secret.data(), secret.size());
}

// What a thread has for all its key pairs: making it would take as long as a third of a handshake each time.
// Nothing is shared between threads.
class workbench {
  public:
    workbench() noexcept {
        mbedtls_entropy_init(&entropy_);
        mbedtls_ctr_drbg_init(&drbg_);
        mbedtls_ecp_group_init(&group_);
    }
    workbench(const workbench &) = delete;
    workbench &operator=(const workbench &) = delete;
    ~workbench() {
        mbedtls_ecp_group_free(&group_);
        mbedtls_ctr_drbg_free(&drbg_);
        mbedtls_entropy_free(&entropy_);
    }

    // This thread's. nullptr: no memory, no randomness.
    static workbench *here() noexcept {
        static thread_local workbench one;
        return one.prepare() ? &one : nullptr;
    }

    // P-256, and multiples of its base point, which mbedTLS works out at the first use and keeps.
    mbedtls_ecp_group *curve() noexcept { return &group_; }
    mbedtls_ctr_drbg_context *random() noexcept { return &drbg_; }

  private:
    bool prepare() noexcept {
        const std::int64_t process = process_id();
        if (process != seeded_in_) { // the two halves of a fork must not draw the same numbers
            mbedtls_ctr_drbg_free(&drbg_);
            mbedtls_ctr_drbg_init(&drbg_);
            if (mbedtls_ctr_drbg_seed(&drbg_, mbedtls_entropy_func, &entropy_, nullptr, 0) != 0) return false;
            seeded_in_ = process;
        }
        if (!loaded_) loaded_ = mbedtls_ecp_group_load(&group_, MBEDTLS_ECP_DP_SECP256R1) == 0;
        return loaded_;
    }

    mbedtls_entropy_context entropy_;
    mbedtls_ctr_drbg_context drbg_;
    mbedtls_ecp_group group_;
    std::int64_t seeded_in_ = -1;
    bool loaded_ = false;
};

struct number {
    number() noexcept { mbedtls_mpi_init(&value); }
    number(const number &) = delete;
    number &operator=(const number &) = delete;
    ~number() { mbedtls_mpi_free(&value); } // which wipes it
    mbedtls_mpi value;
};

struct curve_point {
    curve_point() noexcept { mbedtls_ecp_point_init(&value); }
    curve_point(const curve_point &) = delete;
    curve_point &operator=(const curve_point &) = delete;
    ~curve_point() { mbedtls_ecp_point_free(&value); }
    mbedtls_ecp_point value;
};

class mbedtls_key_pair final : public key_pair {
  public:
    bool generate() noexcept {
        workbench *const at = workbench::here();
        return at != nullptr &&
               mbedtls_ecp_gen_keypair(at->curve(), &private_.value, &public_.value, mbedtls_ctr_drbg_random,
                                       at->random()) == 0 &&
               write_point(*at->curve());
    }

    bool take(bytes_view scalar) noexcept {
        workbench *const at = workbench::here();
        return at != nullptr && mbedtls_mpi_read_binary(&private_.value, scalar.data(), scalar.size()) == 0 &&
               mbedtls_ecp_check_privkey(at->curve(), &private_.value) == 0 &&
               mbedtls_ecp_mul(at->curve(), &public_.value, &private_.value, &at->curve()->G,
                               mbedtls_ctr_drbg_random, at->random()) == 0 &&
               write_point(*at->curve());
    }

    agreement agree(bytes_view peer, shared_secret &out) noexcept override {
        if (peer.size() != codec::public_key_size || peer[0] != uncompressed_point) return agreement::refused;
        workbench *const at = workbench::here();
        if (at == nullptr) return agreement::failed;
        curve_point theirs;
        const int read = mbedtls_ecp_point_read_binary(at->curve(), &theirs.value, peer.data(), peer.size());
        if (read == MBEDTLS_ERR_MPI_ALLOC_FAILED) return agreement::failed;
        if (read != 0) return agreement::refused;
        // On the curve, and coordinates below p; the cofactor is 1, so that is all there is to check.
        const int check = mbedtls_ecp_check_pubkey(at->curve(), &theirs.value);
        if (check == MBEDTLS_ERR_ECP_INVALID_KEY) return agreement::refused;
        if (check != 0) return agreement::failed;
        number x;
        const bool computed =
            mbedtls_ecdh_compute_shared(at->curve(), &x.value, &theirs.value, &private_.value,
                                        mbedtls_ctr_drbg_random, at->random()) == 0;
        if (!computed || mbedtls_mpi_write_binary(&x.value, out.span().data(), coordinate_size) != 0)
            return agreement::failed;
        return agreement::reached;
    }

  private:
    bool write_point(const mbedtls_ecp_group &group) noexcept {
        std::size_t size = 0;
        return mbedtls_ecp_point_write_binary(&group, &public_.value, MBEDTLS_ECP_PF_UNCOMPRESSED, &size,
                                              point_.data(), point_.size()) == 0 &&
               size == point_.size();
    }

    number private_;
    curve_point public_;
};

class gcm {
  public:
    gcm() noexcept { mbedtls_gcm_init(&context_); }
    gcm(const gcm &) = delete;
    gcm &operator=(const gcm &) = delete;
    ~gcm() { mbedtls_gcm_free(&context_); } // which wipes it

    bool set_key(bytes_view key) noexcept {
        return mbedtls_gcm_setkey(&context_, MBEDTLS_CIPHER_ID_AES, key.data(), 8 * key_size) == 0;
    }
    mbedtls_gcm_context *context() noexcept { return &context_; }

#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    bool start(const record_iv &iv) noexcept {
        return mbedtls_gcm_starts(&context_, MBEDTLS_GCM_ENCRYPT, iv.data(), iv.size()) == 0;
    }
    bool update(const std::uint8_t *in, std::size_t size, std::uint8_t *out) noexcept {
        std::size_t written = 0;
        return mbedtls_gcm_update(&context_, in, size, out, size, &written) == 0 && written == size;
    }
    bool finish(std::uint8_t *tag) noexcept {
        std::size_t written = 0;
        return mbedtls_gcm_finish(&context_, nullptr, 0, &written, tag, tag_size) == 0 && written == 0;
    }
#else
    bool start(const record_iv &iv) noexcept {
        return mbedtls_gcm_starts(&context_, MBEDTLS_GCM_ENCRYPT, iv.data(), iv.size(), nullptr, 0) == 0;
    }
    bool update(const std::uint8_t *in, std::size_t size, std::uint8_t *out) noexcept {
        return mbedtls_gcm_update(&context_, size, in, out) == 0;
    }
    bool finish(std::uint8_t *tag) noexcept {
        return mbedtls_gcm_finish(&context_, tag, tag_size) == 0;
    }
#endif

  private:
    mbedtls_gcm_context context_;
};

class mbedtls_sealing_key final : public sealing_key {
  public:
    bool take(bytes_view key) noexcept { return gcm_.set_key(key); }

    bool begin(const record_iv &iv, bytes_view first, std::uint8_t *sealed) noexcept override {
        return gcm_.start(iv) && gcm_.update(first.data(), first.size(), sealed);
    }

    bool finish(bytes_mut rest, std::uint8_t *tag) noexcept override {
        return (rest.empty() || gcm_.update(rest.data(), rest.size(), rest.data())) && gcm_.finish(tag);
    }

  private:
    gcm gcm_;
};

class mbedtls_opening_key final : public opening_key {
  public:
    bool take(bytes_view key) noexcept { return gcm_.set_key(key); }

    std::optional<bytes_mut> open(bytes_mut record) noexcept override {
        record_iv iv;
        std::memcpy(iv.data(), record.data(), iv.size());
        // Decrypting, mbedTLS wants its output at least eight bytes in front of its input: in the iv's place.
        const bytes_mut text = record.first(record.size() - record_overhead);
        if (mbedtls_gcm_auth_decrypt(gcm_.context(), text.size(), iv.data(), iv.size(), nullptr, 0,
                                     record.data() + record.size() - tag_size, tag_size,
                                     record.data() + iv_size, text.data()) != 0)
            return std::nullopt; // the text was wiped
        return text;
    }

  private:
    gcm gcm_;
};

template <typename Key>
std::unique_ptr<Key> make_with(bytes_view bytes) noexcept {
    std::unique_ptr<Key> made(new (std::nothrow) Key);
    if (made == nullptr || !made->take(bytes)) return nullptr;
    return made;
}

std::unique_ptr<key_pair> make_key_pair() noexcept {
    std::unique_ptr<mbedtls_key_pair> made(new (std::nothrow) mbedtls_key_pair);
    if (made == nullptr || !made->generate()) return nullptr;
    return made;
}

std::unique_ptr<key_pair> key_pair_from(bytes_view scalar) noexcept {
    if (scalar.size() != scalar_size) return nullptr;
    return make_with<mbedtls_key_pair>(scalar);
}

bool sha256(bytes_view data, digest &out) noexcept {
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    return mbedtls_sha256(data.data(), data.size(), out.span().data(), 0) == 0;
#else
    return mbedtls_sha256_ret(data.data(), data.size(), out.span().data(), 0) == 0;
#endif
}

std::unique_ptr<sealing_key> make_sealing_key(bytes_view key) noexcept {
    if (key.size() != key_size) return nullptr;
    return make_with<mbedtls_sealing_key>(key);
}

std::unique_ptr<opening_key> make_opening_key(bytes_view key) noexcept {
    if (key.size() != key_size) return nullptr;
    return make_with<mbedtls_opening_key>(key);
}

constexpr provider functions{.name = "mbedTLS",
                             .slow = true,
                             .make_key_pair = make_key_pair,
                             .key_pair_from = key_pair_from,
                             .sha256 = sha256,
                             .make_sealing_key = make_sealing_key,
                             .make_opening_key = make_opening_key,
                             .wipe = wipe_bytes};

} // namespace

const provider &mbedtls() noexcept {
    return functions;
}

} // namespace cryo_core::cale::crypto
