// Frames into memory that the caller has made room in. In the header, since it runs for each frame.
#pragma once

#include "codec/frame.h"

namespace cryo_core::codec {

// Writes header_size bytes; the payload goes behind them.
inline void write_header(std::uint8_t *out, const uuid &sid, std::uint32_t number, frame_type type) noexcept {
    std::memcpy(out, sid.bytes.data(), sid_size);
    store_be<std::uint32_t>(out + number_offset, number);
    out[type_offset] = static_cast<std::uint8_t>(type);
}

// Writes header and payload, and returns how many bytes that were: header_size + payload.size().
inline std::size_t write_frame(std::uint8_t *out, const uuid &sid, std::uint32_t number, frame_type type,
                               bytes_view payload) noexcept {
    write_header(out, sid, number, type);
    if (!payload.empty()) std::memcpy(out + header_size, payload.data(), payload.size());
    return header_size + payload.size();
}

inline std::size_t write_frame(std::uint8_t *out, const frame &value) noexcept {
    return write_frame(out, value.sid, value.number, value.type, value.payload);
}

} // namespace cryo_core::codec
