// Frame headers and close frames, written into memory that the caller has (RFC 6455 section 5.2).
#pragma once

#include "ws/close_code.h"
#include "ws/mask.h"
#include "ws/opcode.h"

namespace cryo_core::ws {

constexpr std::size_t max_header_size = 14; // two bytes, eight of length, four of key
constexpr std::size_t max_control_frame_size = 2 + max_control_size;
constexpr std::size_t max_masked_close_frame_size = max_control_frame_size + sizeof(masking_key);

// How many bytes the header of such a frame takes.
constexpr std::size_t header_size(std::uint64_t payload_size, bool masked) noexcept {
    const std::size_t length = payload_size < 126 ? 0 : payload_size <= 0xffff ? 2 : 8;
    return 2 + length + (masked ? sizeof(masking_key) : 0);
}

// A server's frame. Returns header_size(payload_size, false).
std::size_t write_header(std::uint8_t *out, opcode code, std::uint64_t payload_size,
                         bool fin = true) noexcept;

// A client's frame. The caller masks the payload with the same key, a fresh random one for each frame
// (section 5.3). Returns header_size(payload_size, true).
std::size_t write_masked_header(std::uint8_t *out, opcode code, std::uint64_t payload_size, masking_key key,
                                bool fin = true) noexcept;

// A client's frame whole, with its payload. Returns the size.
std::size_t write_masked(std::uint8_t *out, opcode code, bytes_view payload, masking_key key,
                         bool fin = true) noexcept;

// A server's control frame whole, up to max_control_frame_size bytes: what a payload has beyond
// max_control_size is left out. Returns the size.
std::size_t write_control(std::uint8_t *out, opcode code, bytes_view payload) noexcept;

// The payload of a close frame, up to max_control_size bytes: nothing for no_status, else the code and as
// many whole characters of the reason as fit. The reason ends where it stops being UTF-8. Returns the size.
std::size_t write_close_payload(std::uint8_t *out, std::uint16_t code, std::string_view reason) noexcept;

// The whole close frame of a server, up to max_control_frame_size bytes. Returns the size.
std::size_t write_close(std::uint8_t *out, std::uint16_t code, std::string_view reason) noexcept;

// That of a client, up to max_masked_close_frame_size bytes.
std::size_t write_masked_close(std::uint8_t *out, std::uint16_t code, std::string_view reason,
                               masking_key key) noexcept;

} // namespace cryo_core::ws
