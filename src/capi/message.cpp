#include "capi/message.h"

#include "base/utf8.h"
#include "capi/guard.h"

namespace cryo_core::capi {

namespace {

// Longer ones no peer takes, and lengths stay far from where sums overflow.
constexpr std::size_t max_payload = std::size_t{1} << 30;

} // namespace

cryo_status check_message(const char *function, std::int32_t kind, const std::uint8_t *data,
                          std::size_t len) noexcept {
    if (kind != CRYO_UTF8 && kind != CRYO_BINARY)
        return invalid(function, "the kind is neither CRYO_UTF8 nor CRYO_BINARY.");
    if (data == nullptr && len > 0) return invalid(function, "the data is NULL, but its length is not 0.");
    return guard(function, [&]() -> cryo_status {
        if (len > max_payload)
            return fail(status::too_big, std::string(function) +
                                             ": a message has at most 1 GiB; this one has " +
                                             std::to_string(len) + " bytes.");
        if (kind != CRYO_UTF8) return CRYO_OK;
        const std::size_t valid = utf8_error_offset({data, len});
        if (valid == len) return CRYO_OK;
        return fail(status::invalid, std::string(function) + ": the text is not UTF-8 from byte " +
                                         std::to_string(valid) +
                                         " on; send it as CRYO_BINARY, or convert it.");
    });
}

} // namespace cryo_core::capi
