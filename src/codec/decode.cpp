#include "codec/decode.h"

namespace cryo_core::codec {

namespace {

constexpr auto last_type = static_cast<std::uint8_t>(frame_type::handshake_done);

bool payload_fits(frame_type type, bytes_view payload) {
    switch (type) {
    case frame_type::ack:
        return payload.empty();
    case frame_type::ping_pong:
        return as_text(payload) == ping_text || as_text(payload) == pong_text;
    case frame_type::server_hello:
    case frame_type::client_hello:
        return payload.size() == public_key_size;
    case frame_type::error:
    case frame_type::utf8_data:
    case frame_type::binary_data:
    case frame_type::handshake_done: // clients put different things into it
        return true;
    }
    return false;
}

} // namespace

decoded decode(bytes_view message) noexcept {
    decoded out;
    if (message.size() >= type_offset)
        out.value.number = out.number = load_be<std::uint32_t>(message.data() + number_offset);
    if (message.size() < header_size) {
        out.error = decode_error::too_short;
        return out;
    }
    std::memcpy(out.value.sid.bytes.data(), message.data(), sid_size);
    if (message[type_offset] > last_type) {
        out.error = decode_error::unknown_type;
        return out;
    }
    out.value.type = static_cast<frame_type>(message[type_offset]);
    out.value.payload = message.subspan(header_size);
    if (!payload_fits(out.value.type, out.value.payload)) out.error = decode_error::payload_size;
    return out;
}

} // namespace cryo_core::codec
