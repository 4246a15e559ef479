// Bytes of one message to a frame, or why they are none. Only the wire format is judged here: whose sid it
// is, whether a text is UTF-8 and whether the frame's turn has come is for the session to say.
#pragma once

#include "codec/frame.h"

namespace cryo_core::codec {

enum class decode_error : std::uint8_t {
    none,
    too_short,
    unknown_type,
    payload_size, // not the size that the type prescribes, or neither ping nor pong
};

struct decoded {
    frame value; // the payload is a view of the message; complete with none and with payload_size
    decode_error error = decode_error::none;
    std::uint32_t number = 0; // the frame's number with every error too, 0 if the message ends before it does
};

namespace detail {
bool rare_payload_fits(frame_type type, bytes_view payload) noexcept;
} // namespace detail

// In the header, since it runs for each frame.
inline decoded decode(bytes_view message) noexcept {
    decoded out;
    if (message.size() >= type_offset)
        out.value.number = out.number = load_be<std::uint32_t>(message.data() + number_offset);
    if (message.size() < header_size) {
        out.error = decode_error::too_short;
        return out;
    }
    std::memcpy(out.value.sid.bytes.data(), message.data(), sid_size);
    if (message[type_offset] > static_cast<std::uint8_t>(frame_type::handshake_done)) {
        out.error = decode_error::unknown_type;
        return out;
    }
    out.value.type = static_cast<frame_type>(message[type_offset]);
    out.value.payload = message.subspan(header_size);
    const bool fits =
        out.value.type == frame_type::ack
            ? out.value.payload.empty()
            : is_data(out.value.type) || detail::rare_payload_fits(out.value.type, out.value.payload);
    if (!fits) out.error = decode_error::payload_size;
    return out;
}

// Whether it is what nearly all messages are: a data frame, or an ACK without a payload. decode() finds no
// error in these; what it would tell is in their bytes.
inline bool is_ordinary(bytes_view message) noexcept {
    if (message.size() < header_size) return false;
    const auto type = static_cast<frame_type>(message[type_offset]);
    return is_data(type) || (type == frame_type::ack && message.size() == header_size);
}

// Of one of header_size bytes or more; without a copy of the sid.
inline bool has_sid(bytes_view message, const uuid &sid) noexcept {
    return std::memcmp(message.data(), sid.bytes.data(), sid_size) == 0;
}

} // namespace cryo_core::codec
