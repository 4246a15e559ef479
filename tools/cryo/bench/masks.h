// Masking keys for the load generator's frames.
#pragma once

#include "ws/mask.h"

#include <cstring>

namespace cryo_tool {

// SplitMix64: two keys from each step. RFC 6455 wants keys that a server cannot foretell, so that nobody who
// chooses the payloads chooses the bytes on the wire; here the generator itself chooses them, and the keys of
// the library's clients would be a twentieth of its time.
class bench_masks {
  public:
    explicit bench_masks(std::uint64_t seed) noexcept : state_(seed) {}

    cryo_core::ws::masking_key next() noexcept {
        if (!has_half_) {
            state_ += 0x9e3779b97f4a7c15u;
            word_ = state_;
            word_ = (word_ ^ (word_ >> 30)) * 0xbf58476d1ce4e5b9u;
            word_ = (word_ ^ (word_ >> 27)) * 0x94d049bb133111ebu;
            word_ ^= word_ >> 31;
        } else {
            word_ >>= 32;
        }
        has_half_ = !has_half_;
        cryo_core::ws::masking_key key;
        std::memcpy(key.data(), &word_, key.size());
        return key;
    }

  private:
    std::uint64_t state_;
    std::uint64_t word_ = 0;
    bool has_half_ = false;
};

} // namespace cryo_tool
