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

decoded decode(bytes_view message) noexcept;

} // namespace cryo_core::codec
