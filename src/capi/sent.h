// What a session says to what it was told to do.
#pragma once

#include "capi/guard.h"

namespace cryo_core::capi {

cryo_status sent(status outcome) noexcept;

} // namespace cryo_core::capi
