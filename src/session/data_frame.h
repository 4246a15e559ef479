// A message of the application on its way to the peer. It gets its number, and its bytes on the wire, when it
// leaves.
#pragma once

#include "base/shared_bytes.h"
#include "codec/frame.h"

#include <cstdint>

namespace cryo_core {

enum class message_kind : std::int32_t { utf8 = 1, binary = 2 };

constexpr codec::frame_type type_of(message_kind kind) noexcept {
    return kind == message_kind::utf8 ? codec::frame_type::utf8_data : codec::frame_type::binary_data;
}

struct data_frame {
    codec::frame_type type;
    bool passed = false; // the extensions have let it pass
    bool again = false;  // a former connection has accepted it: the caps do not apply
    // Of the key, or of the content: two that differ here differ there.
    std::uint32_t fingerprint = 0;
    shared_bytes payload;
    shared_bytes key;          // by which a newer one replaces it; empty: none
    std::uint64_t receipt = 0; // the application's number for it; 0: it asks for none

    message_kind kind() const noexcept {
        return type == codec::frame_type::utf8_data ? message_kind::utf8 : message_kind::binary;
    }
    std::uint64_t size() const noexcept { return codec::header_size + payload.size(); }
};

inline data_frame make_frame(message_kind kind, shared_bytes payload) noexcept {
    return {.type = type_of(kind), .payload = std::move(payload), .key = {}};
}

} // namespace cryo_core
