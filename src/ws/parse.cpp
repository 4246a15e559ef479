#include "ws/parse.h"

#include <algorithm>

namespace cryo_core::ws {

namespace {

constexpr unsigned reserved_bits = 0x70;
constexpr unsigned opcode_bits = 0x0f;
constexpr unsigned mask_bit = 0x80;
constexpr unsigned length_bits = 0x7f;

// The least memory to ask for: spares an allocation a byte to whom the network brings bytes singly.
constexpr std::size_t smallest_reservation = 256;

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

parser::parser(const parse_options &options) noexcept : options_(options) {
    // So that sums of sizes below cannot overflow.
    options_.max_message = std::min<std::uint64_t>(options_.max_message, SIZE_MAX / 4);
}

bool parser::in_message() const noexcept {
    return fragments_ > 0 || (header_seen_ > 0 && !is_control(frame_opcode()));
}

parser::step parser::fail_with(std::uint16_t code, const char *what) noexcept {
    collected_.reset();
    fragments_ = 0;
    header_seen_ = 0;
    close_code_ = code;
    what_ = what;
    phase_ = phase::failed;
    return step::failed;
}

parse_result parser::feed(bytes_mut input, parse_handler &handler) {
    using state = enum parse_result::state;
    bytes_mut rest = input;
    step last = step::done;
    while (last == step::done) {
        switch (phase_) {
        case phase::header:
            last = read_header(rest);
            break;
        case phase::payload:
            last = read_payload(rest, handler);
            break;
        case phase::closed:
            last = step::stopped;
            break;
        case phase::failed:
            last = step::failed;
            break;
        }
    }
    const std::size_t consumed = input.size() - rest.size();
    if (last == step::failed) return {state::failed, close_code_, what_, consumed};
    return {last == step::stopped ? state::stopped : state::more, 0, "", consumed};
}

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
    if (fragments_ >= options_.max_fragments)
        return fail_with(close_code::policy_violation, "too many fragments in a message");
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

masking_key parser::key() const noexcept {
    masking_key key;
    std::memcpy(key.data(), header_ + header_seen_ - key.size(), key.size());
    return key;
}

void parser::unmask(bytes_mut piece) const noexcept {
    if (options_.role == role::server) apply_mask(piece, key(), payload_seen_);
}

parser::step parser::read_payload(bytes_mut &rest, parse_handler &handler) {
    const std::uint64_t missing = payload_size_ - payload_seen_;
    const bool ends = missing <= rest.size();
    const bytes_mut piece = ends ? rest.first(static_cast<std::size_t>(missing)) : rest;
    rest = rest.subspan(piece.size());
    return is_control(frame_opcode()) ? read_control(piece, ends, handler) : read_data(piece, ends, handler);
}

parser::step parser::read_data(bytes_mut piece, bool ends, parse_handler &handler) {
    const bool ends_message = ends && frame_is_last();
    if (ends_message && collected_.empty()) { // all of it is here
        unmask(piece);
    } else {
        const std::size_t before = collected_.size();
        if (!collect(piece)) return fail_with(close_code::internal_error, "out of memory");
        piece = collected_.span().subspan(before);
    }
    if (check_text(piece, ends_message) == step::failed) return step::failed;
    if (!ends) return step::more;
    phase_ = phase::header;
    header_seen_ = 0;
    if (!ends_message) return step::done;

    fragments_ = 0;
    text_.reset();
    if (collected_.empty()) return handler.on_message(message_kind_, piece) ? step::done : step::stopped;
    byte_buffer message = std::move(collected_); // its memory goes when it is delivered
    return handler.on_message(message_kind_, message.span()) ? step::done : step::stopped;
}

parser::step parser::check_text(bytes_view piece, bool ends_message) noexcept {
    if (message_kind_ != opcode::text) return step::done;
    if (!text_.feed(piece)) return fail_with(close_code::invalid_payload, "text is not UTF-8");
    if (ends_message && !text_.complete())
        return fail_with(close_code::invalid_payload, "text ends inside a character");
    return step::done;
}

// Between the fragments of a message, an incomplete control frame is kept behind them and taken off again.
parser::step parser::read_control(bytes_mut piece, bool ends, parse_handler &handler) {
    if (ends && payload_seen_ == 0) {
        unmask(piece);
        return deliver_control(piece, handler);
    }
    if (!collect(piece)) return fail_with(close_code::internal_error, "out of memory");
    if (!ends) return step::more;
    std::uint8_t payload[max_control_size];
    const std::size_t size = payload_seen_;
    std::memcpy(payload, collected_.data() + collected_.size() - size, size);
    collected_.shrink(size);
    if (collected_.empty()) collected_.reset();
    return deliver_control({payload, size}, handler);
}

parser::step parser::deliver_control(bytes_view payload, parse_handler &handler) {
    phase_ = phase::header;
    header_seen_ = 0;
    switch (frame_opcode()) {
    case opcode::ping:
        return handler.on_ping(payload) ? step::done : step::stopped;
    case opcode::pong:
        return handler.on_pong(payload) ? step::done : step::stopped;
    default:
        return deliver_close(payload, handler);
    }
}

parser::step parser::deliver_close(bytes_view payload, parse_handler &handler) {
    close_reason reason;
    if (!payload.empty()) {
        reason.code = load_be<std::uint16_t>(payload.data());
        reason.text = as_text(payload.subspan(2));
        if (!may_be_received(reason.code))
            return fail_with(close_code::protocol_error, "close code out of range");
        if (!utf8_valid(payload.subspan(2)))
            return fail_with(close_code::invalid_payload, "close reason is not UTF-8");
    }
    collected_.reset();
    fragments_ = 0;
    phase_ = phase::closed;
    handler.on_close(reason.code, reason.text);
    return step::stopped;
}

// Twice what has arrived at most, so that a peer pays for memory with bytes. What is known to come bounds it
// too.
std::size_t parser::reservation(std::size_t needed, std::size_t coming) const noexcept {
    const std::size_t generous = std::max(2 * needed, smallest_reservation);
    if (frame_is_last()) return std::min(generous, needed + coming);
    return std::min(generous, std::max(needed, static_cast<std::size_t>(options_.max_message)));
}

// Unmasks while copying. False when there is no memory.
bool parser::collect(bytes_view piece) noexcept {
    if (piece.empty()) return true;
    const std::size_t needed = collected_.size() + piece.size();
    const auto coming = static_cast<std::size_t>(payload_size_ - payload_seen_ - piece.size());
    if (needed > collected_.capacity()) {
        try {
            collected_.reserve(reservation(needed, coming));
        } catch (const std::bad_alloc &) {
            return false;
        }
    }
    // cppcheck-suppress throwInNoexceptFunction ; there is room
    std::uint8_t *to = collected_.extend(piece.size());
    if (options_.role == role::server)
        copy_masked(to, piece, key(), payload_seen_);
    else
        std::memcpy(to, piece.data(), piece.size());
    payload_seen_ += piece.size();
    return true;
}

} // namespace cryo_core::ws
