// Frames to records, for the end that sends: each under a counter of its own.
#pragma once

#include "cale/crypto.h"

namespace cryo_core::cale {

// Against a nonce used twice, and against more under one key than AES-GCM is good for: at either, the session
// is due for new keys.
struct rekey_limits {
    std::uint64_t counters = std::uint64_t{1} << 31; // used or skipped
    std::uint64_t bytes = std::uint64_t{1} << 36;
    std::uint32_t first_counter = 0; // tests begin elsewhere
};

class sealer {
  public:
    // The key comes from a provider and is not null.
    explicit sealer(std::unique_ptr<crypto::sealing_key> key, const rekey_limits &limits = {}) noexcept
        : key_(std::move(key)), limits_(limits), next_counter_(limits.first_counter) {}

    // Seals a record in place: its frame, of at least codec::header_size bytes, already lies at iv_size, and
    // tag_size bytes are free behind it. Counters that would give byte 20 the value of a frame type are
    // skipped. False when the library fails or no counter is left; the record must not be sent then.
    [[nodiscard]] bool seal(bytes_mut record) noexcept;

    // True once new keys are due. Sealing goes on, so that there is something left to say good-bye with.
    bool rekey_due() const noexcept {
        return next_counter_ - limits_.first_counter >= limits_.counters || sealed_bytes_ >= limits_.bytes;
    }

  private:
    // As much of a frame as is encrypted to see byte 20 of its record. One block would do; short frames take
    // no more than one call when they go in whole.
    static constexpr std::size_t beginning_size = 16 * block_size;
    using beginning = std::array<std::uint8_t, beginning_size>;

    bool begin(bytes_view first, record_iv &iv, beginning &sealed) noexcept;

    std::unique_ptr<crypto::sealing_key> key_;
    rekey_limits limits_;
    std::uint64_t next_counter_; // one bit more than an iv takes: it never wraps
    std::uint64_t sealed_bytes_ = 0;
};

} // namespace cryo_core::cale
