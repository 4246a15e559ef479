#include "codec/decode.h"

namespace cryo_core::codec::detail {

// Of the types that are neither data nor ACK.
bool rare_payload_fits(frame_type type, bytes_view payload) noexcept {
    switch (type) {
    case frame_type::ping_pong:
        return as_text(payload) == ping_text || as_text(payload) == pong_text;
    case frame_type::server_hello:
    case frame_type::client_hello:
        return payload.size() == public_key_size;
    default: // ERROR says anything; clients put different things into HANDSHAKE_DONE
        return true;
    }
}

} // namespace cryo_core::codec::detail
