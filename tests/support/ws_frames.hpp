// Frames for tests, right ones and wrong ones, written byte by byte with nothing of the code under test.
#pragma once

#include "ws/parse.h"

#include <string>
#include <vector>

namespace cryo_test {

enum class length_form { shortest, two_bytes, eight_bytes };

struct wire_frame {
    unsigned first = 0; // FIN, reserved bits and opcode
    std::string payload;
    length_form form = length_form::shortest;
    std::uint64_t more_declared = 0; // bytes that the header promises beyond the payload
    bool wrong_mask = false;         // masked where it must not be, or the reverse
};

inline std::string encode(const wire_frame &frame, cryo_core::ws::role receiver) {
    static constexpr unsigned char key[4] = {0x37, 0xfa, 0x21, 0x3d}; // the one of RFC 6455 section 5.7
    const bool masked = (receiver == cryo_core::ws::role::server) != frame.wrong_mask;
    const std::uint64_t length = frame.payload.size() + frame.more_declared;
    auto form = frame.form;
    if (form == length_form::shortest && length > 125)
        form = length > 0xffff ? length_form::eight_bytes : length_form::two_bytes;
    std::string out;
    const auto put = [&](std::uint64_t byte) { out += static_cast<char>(byte & 0xff); };
    put(frame.first);
    const unsigned mask_bit = masked ? 0x80 : 0;
    if (form == length_form::shortest) put(mask_bit | length);
    if (form == length_form::two_bytes) put(mask_bit | 126u);
    if (form == length_form::eight_bytes) put(mask_bit | 127u);
    const int length_bytes = form == length_form::shortest ? 0 : form == length_form::two_bytes ? 2 : 8;
    for (int i = length_bytes - 1; i >= 0; --i)
        put(length >> (8 * i));
    for (std::size_t i = 0; masked && i < 4; ++i)
        put(key[i]);
    for (std::size_t i = 0; i < frame.payload.size(); ++i)
        put(static_cast<unsigned char>(frame.payload[i]) ^ (masked ? key[i % 4] : 0u));
    return out;
}

inline std::string encode(const std::vector<wire_frame> &frames, cryo_core::ws::role receiver) {
    std::string out;
    for (const auto &frame : frames)
        out += encode(frame, receiver);
    return out;
}

} // namespace cryo_test
