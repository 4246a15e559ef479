// What may be sent.
#pragma once

#include "cryo.h"

#include <cstddef>
#include <cstdint>

namespace cryo_core::capi {

// CRYO_ERR_INVALID, CRYO_ERR_TOO_BIG, or CRYO_OK.
cryo_status check_message(const char *function, std::int32_t kind, const std::uint8_t *data,
                          std::size_t len) noexcept;

} // namespace cryo_core::capi
