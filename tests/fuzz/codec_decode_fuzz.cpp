// The frame decoder under any bytes: what it takes encodes to the same bytes again, and what it says of a
// message that is cut short agrees with what it says of the whole. The first byte chooses the cut.
#include "codec/decode.h"
#include "codec/encode.h"

#include <cstdlib>
#include <vector>

using namespace cryo_core;
using namespace cryo_core::codec;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

bool same_bytes(bytes_view a, bytes_view b) {
    return as_text(a) == as_text(b);
}

void require_sound(bytes_view message, const decoded &got) {
    require((got.error == decode_error::too_short) == (message.size() < header_size));
    require(got.number == got.value.number);
    const bool ordinary =
        got.error == decode_error::none && (is_data(got.value.type) || got.value.type == frame_type::ack);
    require(is_ordinary(message) == ordinary);
    if (got.error == decode_error::too_short) return;
    require((got.error == decode_error::unknown_type) == (message[type_offset] > 7));
    if (got.error == decode_error::unknown_type) return;
    require(same_bytes(got.value.payload, message.subspan(header_size)));
    std::vector<std::uint8_t> again(message.size());
    require(write_frame(again.data(), got.value) == message.size());
    require(same_bytes(again, message));
}

void require_type_kept(const decoded &got) {
    const std::size_t size = got.value.payload.size();
    switch (got.value.type) {
    case frame_type::ack:
        return require(size == 0);
    case frame_type::ping_pong:
        return require(size == 4);
    case frame_type::server_hello:
    case frame_type::client_hello:
        return require(size == public_key_size);
    case frame_type::error:
    case frame_type::utf8_data:
    case frame_type::binary_data:
    case frame_type::handshake_done:
        return;
    }
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    if (size < 1) return 0;
    const bytes_view message(data + 1, size - 1);
    const auto whole = decode(message);
    require_sound(message, whole);
    if (whole.error == decode_error::none) require_type_kept(whole);

    // In its own memory, so that a sanitizer sees each byte read too far.
    const std::vector<std::uint8_t> cut(message.begin(),
                                        message.begin() + static_cast<std::ptrdiff_t>(data[0] % size));
    const auto got = decode(cut);
    require_sound(cut, got);
    require(got.number == (cut.size() >= type_offset ? whole.number : 0));
    return 0;
}
