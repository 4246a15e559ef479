// Bytes that nobody may find in memory once they have served: overwritten when replaced, moved from and
// destroyed.
#pragma once

#include "base/bytes.h"

#include <array>

namespace cryo_core::cale {

// Overwrites in a way that no compiler leaves out.
void wipe(bytes_mut secret) noexcept;

template <std::size_t Size>
class secret {
  public:
    secret() noexcept = default;
    secret(secret &&other) noexcept { take(other); }
    secret &operator=(secret &&other) noexcept {
        if (this != &other) take(other);
        return *this;
    }
    ~secret() { wipe(bytes_); }

    bytes_view view() const noexcept { return bytes_; }
    bytes_mut span() noexcept { return bytes_; }

  private:
    void take(secret &other) noexcept {
        bytes_ = other.bytes_;
        wipe(other.bytes_);
    }

    std::array<std::uint8_t, Size> bytes_{};
};

} // namespace cryo_core::cale
