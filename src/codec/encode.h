// Frames into memory that the caller has made room in.
#pragma once

#include "codec/frame.h"

namespace cryo_core::codec {

// Writes header_size bytes; the payload goes behind them.
void write_header(std::uint8_t *out, const uuid &sid, std::uint32_t number, frame_type type) noexcept;

// Writes header and payload, and returns how many bytes that were: header_size + payload.size().
std::size_t write_frame(std::uint8_t *out, const frame &value) noexcept;

} // namespace cryo_core::codec
