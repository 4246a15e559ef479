// What may be sent.
#pragma once

#include "base/apart.h"
#include "base/utf8.h"
#include "cryo.h"

#include <cstddef>
#include <cstdint>

namespace cryo_core::capi {

// Longer ones no peer takes, and lengths stay far from where sums overflow.
constexpr std::size_t max_payload = std::size_t{1} << 30;

// What check_message answers for what is none.
CRYO_APART cryo_status refuse_message(const char *function, std::int32_t kind, const std::uint8_t *data,
                                      std::size_t len) noexcept;

// CRYO_ERR_INVALID, CRYO_ERR_TOO_BIG, or CRYO_OK. In the header, since it runs for each message.
inline cryo_status check_message(const char *function, std::int32_t kind, const std::uint8_t *data,
                                 std::size_t len) noexcept {
    const bool is_message = (data != nullptr || len == 0) && len <= max_payload &&
                            (kind == CRYO_BINARY || (kind == CRYO_UTF8 && utf8_valid({data, len})));
    return is_message ? CRYO_OK : refuse_message(function, kind, data, len);
}

} // namespace cryo_core::capi
