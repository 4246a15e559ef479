#include "capi/message.h"

#include "capi/guard.h"

namespace cryo_core::capi {

cryo_status refuse_message(const char *function, std::int32_t kind, const std::uint8_t *data,
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

} // namespace cryo_core::capi
