// The Retry-After of an answer (RFC 9110 section 10.2.3).
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <string_view>

namespace cryo_core {

// How long to wait: seconds, or until a date in one of HTTP's three forms (RFC 9110 section 5.6.7), at `now`
// in seconds since 1970. 0 for what is neither, and for what is over; more than an hour is not believed.
time_us retry_after(std::string_view header, std::int64_t now) noexcept;

} // namespace cryo_core
