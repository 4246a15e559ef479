// When a server that closes a session wants its client back.
#pragma once

#include "base/clock.h"

#include <string_view>

namespace cryo_core {

// By the end of a close's reason, "(retry in 1500 ms)". 0: it says nothing, or no number; more than an hour
// is not believed.
time_us retry_hint(std::string_view reason) noexcept;

} // namespace cryo_core
