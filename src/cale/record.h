// What a frame becomes on the wire once the channel is secure: iv | AES-128-GCM of the frame | tag.
#pragma once

#include "base/bytes.h"
#include "codec/frame.h"

#include <array>

namespace cryo_core::cale {

constexpr std::size_t key_size = 16;
constexpr std::size_t iv_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t block_size = 16;
constexpr std::size_t record_overhead = iv_size + tag_size;

// Eight zero bytes, then the sender's counter, big-endian.
constexpr std::size_t counter_offset = 8;
using record_iv = std::array<std::uint8_t, iv_size>;

inline record_iv iv_of(std::uint32_t counter) noexcept {
    record_iv iv{};
    store_be(iv.data() + counter_offset, counter);
    return iv;
}

// What each sender reads in byte 20 of a frame, other implementations also read there in a record: a record
// with a frame type in that place is lost on them.
constexpr std::size_t ambiguous_offset = codec::type_offset;
constexpr auto last_frame_type = static_cast<std::uint8_t>(codec::frame_type::handshake_done);

} // namespace cryo_core::cale
