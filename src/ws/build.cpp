#include "ws/build.h"

#include "base/utf8.h"
#include "ws/header_bits.h"

#include <algorithm>

namespace cryo_core::ws {

namespace {

std::size_t write_start(std::uint8_t *out, opcode code, std::uint64_t payload_size, bool fin,
                        bool masked) noexcept {
    const unsigned mask = masked ? mask_bit : 0;
    out[0] = static_cast<std::uint8_t>((fin ? fin_bit : 0) | static_cast<unsigned>(code));
    if (payload_size < 126) {
        out[1] = static_cast<std::uint8_t>(mask | payload_size);
    } else if (payload_size <= 0xffff) {
        out[1] = static_cast<std::uint8_t>(mask | 126);
        store_be(out + 2, static_cast<std::uint16_t>(payload_size));
    } else {
        out[1] = static_cast<std::uint8_t>(mask | 127);
        store_be(out + 2, payload_size);
    }
    return header_size(payload_size, false);
}

} // namespace

std::size_t write_header(std::uint8_t *out, opcode code, std::uint64_t payload_size, bool fin) noexcept {
    return write_start(out, code, payload_size, fin, false);
}

std::size_t write_masked_header(std::uint8_t *out, opcode code, std::uint64_t payload_size, masking_key key,
                                bool fin) noexcept {
    const std::size_t start = write_start(out, code, payload_size, fin, true);
    std::memcpy(out + start, key.data(), key.size());
    return start + key.size();
}

std::size_t write_masked(std::uint8_t *out, opcode code, bytes_view payload, masking_key key,
                         bool fin) noexcept {
    const std::size_t start = write_masked_header(out, code, payload.size(), key, fin);
    copy_masked(out + start, payload, key, 0);
    return start + payload.size();
}

std::size_t write_control(std::uint8_t *out, opcode code, bytes_view payload) noexcept {
    const std::size_t size = std::min(payload.size(), max_control_size);
    out[0] = static_cast<std::uint8_t>(fin_bit | static_cast<unsigned>(code));
    out[1] = static_cast<std::uint8_t>(size);
    if (size > 0) std::memcpy(out + 2, payload.data(), size);
    return 2 + size;
}

std::size_t write_close_payload(std::uint8_t *out, std::uint16_t code, std::string_view reason) noexcept {
    if (code == close_code::no_status) return 0;
    store_be(out, code);
    reason = reason.substr(0, max_reason_size);
    const std::size_t size = utf8_error_offset(as_bytes(reason));
    if (size > 0) std::memcpy(out + sizeof code, reason.data(), size);
    return sizeof code + size;
}

std::size_t write_close(std::uint8_t *out, std::uint16_t code, std::string_view reason) noexcept {
    std::uint8_t payload[max_control_size];
    return write_control(out, opcode::close, {payload, write_close_payload(payload, code, reason)});
}

std::size_t write_masked_close(std::uint8_t *out, std::uint16_t code, std::string_view reason,
                               masking_key key) noexcept {
    std::uint8_t payload[max_control_size];
    const std::size_t size = write_close_payload(payload, code, reason);
    return write_masked(out, opcode::close, {payload, size}, key);
}

} // namespace cryo_core::ws
