// What an operator should find in the log: who was refused, whose TLS failed, who broke the protocol. Who
// connects decides how many there are, so only some of these lines are for CRYO_LOG_INFO; all are for
// CRYO_LOG_DEBUG.
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <string_view>

namespace cryo_core {

class incident_log {
  public:
    // At once, and as many more in so many milliseconds each.
    static constexpr std::uint32_t burst = 20;
    static constexpr time_us refill = from_ms(1000);

    // `words` goes behind the address. It must hold no token.
    void tell(time_us now, std::string_view address, std::string_view words) noexcept;

  private:
    bool may_tell(time_us now) noexcept;

    time_us refilled_at_ = 0;
    std::uint32_t left_ = burst;
    std::uint64_t left_out_ = 0;
};

// `reason` without the token, should whoever made it have put that in.
std::string_view without_token(std::string_view reason, std::string_view token) noexcept;

} // namespace cryo_core
