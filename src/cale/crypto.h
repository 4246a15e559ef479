// The five primitives that CALE needs, from whichever library is there. Key schedules are made once for a
// session and direction; nothing here allocates for a frame.
#pragma once

#include "cale/record.h"
#include "cale/secret.h"

#include <memory>
#include <optional>

namespace cryo_core::cale::crypto {

constexpr std::size_t scalar_size = 32;
constexpr std::size_t coordinate_size = 32;
constexpr std::size_t digest_size = 32;

constexpr std::uint8_t uncompressed_point = 4; // the first byte of one, before x and y
using public_key = std::array<std::uint8_t, codec::public_key_size>;
using shared_secret = secret<coordinate_size>;
using digest = secret<digest_size>;

enum class agreement : std::uint8_t {
    reached,
    refused, // the peer's point is no uncompressed point of P-256 other than infinity
    failed,  // no memory, no randomness
};

// A P-256 key pair for one handshake. One thread at a time.
class key_pair {
  public:
    key_pair() = default;
    key_pair(const key_pair &) = delete;
    key_pair &operator=(const key_pair &) = delete;
    virtual ~key_pair() = default;

    const public_key &point() const noexcept { return point_; }

    // The x coordinate of what both ends get. Checks the point, whatever was checked before.
    virtual agreement agree(bytes_view peer, shared_secret &out) noexcept = 0;

  protected:
    public_key point_{};
};

// AES-128-GCM of one direction, for the end that sends.
class sealing_key {
  public:
    sealing_key() = default;
    sealing_key(const sealing_key &) = delete;
    sealing_key &operator=(const sealing_key &) = delete;
    virtual ~sealing_key() = default;

    // Encrypts all of a text or a beginning of it, of whole blocks, to another place. May be followed by
    // another begin with another iv, when the outcome does not suit, or by finish.
    virtual bool begin(const record_iv &iv, bytes_view first, std::uint8_t *sealed) noexcept = 0;

    // Encrypts the rest in place, and writes tag_size bytes.
    virtual bool finish(bytes_mut rest, std::uint8_t *tag) noexcept = 0;
};

// The same for the end that receives.
class opening_key {
  public:
    opening_key() = default;
    opening_key(const opening_key &) = delete;
    opening_key &operator=(const opening_key &) = delete;
    virtual ~opening_key() = default;

    // Decrypts a record of at least record_overhead bytes in place, and says where in it the text now lies.
    // Nothing, if the tag is wrong; then no text is left there either.
    virtual std::optional<bytes_mut> open(bytes_mut record) noexcept = 0;
};

// One library's way to do it. What makes something gives nullptr when it cannot: no memory, no randomness.
struct provider {
    std::string_view name;
    // A key pair or an agreement takes a millisecond or more.
    bool slow;
    std::unique_ptr<key_pair> (*make_key_pair)() noexcept;
    // From a known scalar, big-endian, which must be in the range: for tests with known answers.
    std::unique_ptr<key_pair> (*key_pair_from)(bytes_view scalar) noexcept;
    bool (*sha256)(bytes_view data, digest &out) noexcept;
    std::unique_ptr<sealing_key> (*make_sealing_key)(bytes_view key) noexcept; // key_size bytes, as below
    std::unique_ptr<opening_key> (*make_opening_key)(bytes_view key) noexcept;
    void (*wipe)(bytes_mut secret) noexcept;
};

// Both exist, but the library holds only the one that it was built for; tests link the other as well.
const provider &mbedtls() noexcept;
const provider &openssl() noexcept;

// The one that the library was built for (CRYO_CRYPTO).
const provider &chosen() noexcept;

} // namespace cryo_core::cale::crypto
