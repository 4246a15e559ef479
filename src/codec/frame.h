// One Cryo frame: who, which number, what kind, and a payload that somebody else owns.
#pragma once

#include "base/bytes.h"
#include "base/uuid.h"

namespace cryo_core::codec {

enum class frame_type : std::uint8_t {
    ack = 0,
    error = 1,
    ping_pong = 2,
    utf8_data = 3,
    binary_data = 4,
    server_hello = 5,
    client_hello = 6,
    handshake_done = 7,
};

constexpr std::size_t header_size = 21; // sid, number, type
constexpr std::size_t sid_size = 16;
constexpr std::size_t number_offset = 16;
constexpr std::size_t type_offset = 20;
constexpr std::size_t public_key_size = 65; // an uncompressed P-256 point

constexpr std::string_view ping_text = "ping";
constexpr std::string_view pong_text = "pong";
constexpr std::string_view invalid_operation_text = "invalid_operation";
constexpr std::string_view session_expired_text = "session_expired";
constexpr std::string_view error_text = "error";
constexpr std::string_view unknown_error_text = "unknown_error"; // an ERROR for which no text was given
constexpr std::string_view handshake_done_text = "null";         // what the first implementation sends

// The number is the frame's own, or, in an ACK, a pong and HANDSHAKE_DONE, that of the frame it answers.
struct frame {
    uuid sid;
    std::uint32_t number = 0;
    frame_type type = frame_type::ack;
    bytes_view payload;
};

constexpr bool is_data(frame_type type) noexcept {
    return type == frame_type::utf8_data || type == frame_type::binary_data;
}

} // namespace cryo_core::codec
