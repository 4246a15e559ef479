#include "capi/message.h"

#include "base/apart.h"
#include "base/utf8.h"
#include "capi/guard.h"

namespace cryo_core::capi {

namespace {

// Longer ones no peer takes, and lengths stay far from where sums overflow.
constexpr std::size_t max_payload = std::size_t{1} << 30;

CRYO_APART cryo_status refuse_message(const char *function, std::int32_t kind, const std::uint8_t *data,
                                      std::size_t len) noexcept {
    if (kind != CRYO_UTF8 && kind != CRYO_BINARY)
        return invalid(function, "the kind is neither CRYO_UTF8 nor CRYO_BINARY.");
    if (data == nullptr && len > 0) return invalid(function, "the data is NULL, but its length is not 0.");
    return guard(function, [&]() -> cryo_status {
        if (len > max_payload)
            return fail(status::too_big, std::string(function) +
                                             ": a message has at most 1 GiB; this one has " +
                                             std::to_string(len) + " bytes.");
        return fail(status::invalid, std::string(function) + ": the text is not UTF-8 from byte " +
                                         std::to_string(utf8_error_offset({data, len})) +
                                         " on; send it as CRYO_BINARY, or convert it.");
    });
}

} // namespace

cryo_status check_message(const char *function, std::int32_t kind, const std::uint8_t *data,
                          std::size_t len) noexcept {
    const bool is_message = (data != nullptr || len == 0) && len <= max_payload &&
                            (kind == CRYO_BINARY || (kind == CRYO_UTF8 && utf8_valid({data, len})));
    return is_message ? CRYO_OK : refuse_message(function, kind, data, len);
}

} // namespace cryo_core::capi
