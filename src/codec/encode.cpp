#include "codec/encode.h"

namespace cryo_core::codec {

void write_header(std::uint8_t *out, const uuid &sid, std::uint32_t number, frame_type type) noexcept {
    std::memcpy(out, sid.bytes.data(), sid_size);
    store_be<std::uint32_t>(out + number_offset, number);
    out[type_offset] = static_cast<std::uint8_t>(type);
}

std::size_t write_frame(std::uint8_t *out, const frame &value) noexcept {
    write_header(out, value.sid, value.number, value.type);
    if (!value.payload.empty()) std::memcpy(out + header_size, value.payload.data(), value.payload.size());
    return header_size + value.payload.size();
}

} // namespace cryo_core::codec
