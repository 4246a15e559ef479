// The masking keys of a client's frames. RFC 6455 section 5.3 wants each to be unpredictable for the server,
// who has seen all before it: so they are the key stream of ChaCha20 (RFC 8439), seeded once for a
// connection. That costs a frame some nanoseconds, where asking the system would cost it a call.
#pragma once

#include "ws/mask.h"

namespace cryo_core::ws {

class mask_keys {
  public:
    using seed = std::array<std::uint8_t, 32>;

    // The seed comes from a cryptographic source, and is used for nothing else.
    explicit mask_keys(const seed &from) noexcept;

    masking_key next() noexcept;

  private:
    static constexpr std::size_t block_size = 64;

    void refill() noexcept;

    std::array<std::uint32_t, 16> state_;
    std::array<std::uint8_t, block_size> block_;
    std::size_t used_ = block_size;
};

} // namespace cryo_core::ws
