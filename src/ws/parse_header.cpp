// The header of a frame, byte by byte.
#include "ws/header_bits.h"
#include "ws/parse.h"

namespace cryo_core::ws {

namespace {

std::size_t length_size(std::uint8_t second) noexcept {
    switch (second & length_bits) {
    case 126:
        return 2;
    case 127:
        return 8;
    default:
        return 0;
    }
}

} // namespace

// Whatever of the header is there is checked piece by piece, in the order of the bytes. A check that was
// passed before is passed again when more bytes have come.
parser::step parser::read_header(bytes_mut &rest) noexcept {
    if (!fill_header(rest, 1)) return step::more;
    if (check_first_byte() == step::failed) return step::failed;
    if (!fill_header(rest, 2)) return step::more;
    if (check_second_byte() == step::failed) return step::failed;
    const std::size_t start = 2 + length_size(header_[1]);
    if (!fill_header(rest, start)) return step::more;
    if (check_length() == step::failed) return step::failed;
    const std::size_t key_size = options_.role == role::server ? sizeof(masking_key) : 0;
    if (!fill_header(rest, start + key_size)) return step::more;
    begin_payload();
    return step::done;
}

// Takes input until the header has this size.
bool parser::fill_header(bytes_mut &rest, std::size_t size) noexcept {
    while (header_seen_ < size) {
        if (rest.empty()) return false;
        header_[header_seen_++] = rest.front();
        rest = rest.subspan(1);
    }
    return true;
}

// Between two frames: with another one.
bool parser::may_go_on() const noexcept {
    constexpr std::size_t bytes_a_fragment = 1024;
    return fragments_ < std::uint64_t{options_.max_fragments} + collected_.size() / bytes_a_fragment;
}

parser::step parser::check_first_byte() noexcept {
    const unsigned first = header_[0];
    if ((first & reserved_bits) != 0) return fail_with(close_code::protocol_error, "a reserved bit is set");
    if (!is_known_opcode(first & opcode_bits))
        return fail_with(close_code::protocol_error, "reserved opcode");
    const opcode code = frame_opcode();
    if (is_control(code)) {
        if (!frame_is_last()) return fail_with(close_code::protocol_error, "fragmented control frame");
        return step::done;
    }
    if (code == opcode::continuation && fragments_ == 0)
        return fail_with(close_code::protocol_error, "continuation of nothing");
    if (code != opcode::continuation && fragments_ > 0)
        return fail_with(close_code::protocol_error, "new message inside a message");
    if (code == opcode::text && !options_.accept_text)
        return fail_with(close_code::unsupported, "text messages are not accepted");
    if (!may_go_on()) return fail_with(close_code::policy_violation, "too many fragments in a message");
    return step::done;
}

parser::step parser::check_second_byte() noexcept {
    const bool masked = (header_[1] & mask_bit) != 0;
    if (masked != (options_.role == role::server))
        return fail_with(close_code::protocol_error, masked ? "frame is masked" : "frame is not masked");
    const unsigned length = header_[1] & length_bits;
    if (!is_control(frame_opcode())) return step::done;
    if (length > max_control_size) return fail_with(close_code::protocol_error, "control frame too long");
    if (frame_opcode() == opcode::close && length == 1)
        return fail_with(close_code::protocol_error, "close frame with half a code");
    return step::done;
}

parser::step parser::check_length() noexcept {
    switch (length_size(header_[1])) {
    case 2:
        payload_size_ = load_be<std::uint16_t>(header_ + 2);
        if (payload_size_ < 126)
            return fail_with(close_code::protocol_error, "length not in its shortest form");
        break;
    case 8:
        payload_size_ = load_be<std::uint64_t>(header_ + 2);
        if (payload_size_ >> 63 != 0) return fail_with(close_code::protocol_error, "length over 63 bits");
        if (payload_size_ <= 0xffff)
            return fail_with(close_code::protocol_error, "length not in its shortest form");
        break;
    default:
        payload_size_ = header_[1] & length_bits;
        break;
    }
    if (is_control(frame_opcode())) return step::done;
    if (payload_size_ > options_.max_message - collected_.size())
        return fail_with(close_code::too_big, "message too big");
    return step::done;
}

void parser::begin_payload() noexcept {
    payload_seen_ = 0;
    phase_ = phase::payload;
    if (is_control(frame_opcode())) return;
    ++fragments_;
    if (frame_opcode() != opcode::continuation) message_kind_ = frame_opcode();
}

} // namespace cryo_core::ws
