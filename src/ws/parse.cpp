#include "ws/parse.h"

#include "ws/header_bits.h"

#include <algorithm>

namespace cryo_core::ws {

namespace {

// The least memory to ask for: spares an allocation a byte to whom the network brings bytes singly.
constexpr std::size_t smallest_reservation = 256;

} // namespace

parser::parser(const parse_options &options) noexcept : options_(options) {
    // So that sums of sizes below cannot overflow.
    options_.max_message = std::min<std::uint64_t>(options_.max_message, SIZE_MAX / 4);
}

bool parser::in_message() const noexcept {
    return fragments_ > 0 || (header_seen_ > 0 && !is_control(frame_opcode()));
}

// What is collected of a control frame lies behind them.
std::size_t parser::message_size() const noexcept {
    const bool in_control = phase_ == phase::payload && is_control(frame_opcode());
    return collected_.size() - (in_control ? payload_seen_ : 0);
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

// What nearly all input consists of: a binary message in one frame of up to 64 KiB, which lies there whole.
// False: anything else, which is then read step by step, nothing having been touched.
template <role Self>
bool parser::take_whole(bytes_mut &rest, bytes_mut &payload) noexcept {
    constexpr bool masked = Self == role::server;
    constexpr std::size_t key_size = masked ? sizeof(masking_key) : 0;
    constexpr std::uint8_t whole_binary = fin_bit | static_cast<std::uint8_t>(opcode::binary);
    if (rest.size() < 2 + 2 + key_size || rest[0] != whole_binary || ((rest[1] & mask_bit) != 0) != masked)
        return false;
    if (header_seen_ != 0 || fragments_ != 0) return false;
    std::size_t size = rest[1] & length_bits, start = 2 + key_size;
    if (size == 126) {
        start += 2;
        size = load_be<std::uint16_t>(rest.data() + 2);
        if (size < 126) return false;
    } else if (size == 127) {
        return false;
    }
    if (start > rest.size() || size > rest.size() - start || size > options_.max_message ||
        options_.max_fragments == 0)
        return false;
    payload = rest.subspan(start, size);
    if constexpr (masked) {
        masking_key key;
        std::memcpy(key.data(), rest.data() + start - key.size(), key.size());
        apply_mask(payload, key, 0);
    }
    rest = rest.subspan(start + size);
    return true;
}

template <role Self>
parse_result parser::feed_as(bytes_mut input, parse_handler &handler) {
    using state = enum parse_result::state;
    bytes_mut rest = input;
    step last = step::done;
    while (last == step::done) {
        switch (phase_) {
        case phase::header:
            if (bytes_mut payload; take_whole<Self>(rest, payload))
                last = handler.on_message(opcode::binary, payload) ? step::done : step::stopped;
            else
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

template parse_result parser::feed_as<role::server>(bytes_mut input, parse_handler &handler);
template parse_result parser::feed_as<role::client>(bytes_mut input, parse_handler &handler);

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
