// The receiving half of RFC 6455 for one end: bytes in, messages and control frames out.
//
// A whole frame is unmasked where it lies and handed on from there. What is incomplete is collected, in
// memory that grows with the bytes that have arrived and never with the length that a header declares; an
// idle parser holds none. Errors are found as early as the bytes allow and come out the same however the
// input is cut.
#pragma once

#include "base/byte_buffer.h"
#include "base/utf8.h"
#include "ws/build.h"
#include "ws/close_code.h"
#include "ws/mask.h"
#include "ws/opcode.h"

namespace cryo_core::ws {

// Which end we are: a server takes masked frames only, a client unmasked ones only (section 5.1).
enum class role : std::uint8_t { server, client };

struct parse_options {
    ws::role role = ws::role::server;
    bool accept_text = false; // otherwise a text message is answered with 1003

    // Frames in one message, besides one for each KiB that it has brought so far. Keeps a peer from holding a
    // message open, and us busy, with frames that carry nothing.
    std::uint32_t max_fragments = 1024;

    // Bytes in one message, fragments added up. Bounds the memory that one peer can make us hold.
    std::uint64_t max_message = 16 * 1024 * 1024;
};

// Each call returns false to stop parsing behind this frame. The views are valid during the call. The parser
// must not be fed or destroyed inside one.
class parse_handler {
  public:
    virtual ~parse_handler() = default;

    // A whole message, text or binary. The payload may be overwritten.
    virtual bool on_message(opcode kind, bytes_mut payload) = 0;
    virtual bool on_ping(bytes_view payload) = 0;
    virtual bool on_pong(bytes_view payload) = 0;
    // The code is no_status when the frame has none.
    virtual bool on_close(std::uint16_t code, std::string_view reason) = 0;
};

struct parse_result {
    // more: all input was consumed. stopped: a handler wanted it, and feeding the rest of the input goes on
    // from there; or a close frame has come, behind which nothing is parsed any more. failed: close with
    // close_code.
    enum class state : std::uint8_t { more, stopped, failed } state = state::more;
    std::uint16_t close_code = 0;
    const char *what = ""; // static text for a person
    std::size_t consumed = 0;
};

class parser {
  public:
    explicit parser(const parse_options &options) noexcept;

    // Unmasks in place, and touches nothing behind what it consumed.
    parse_result feed(bytes_mut input, parse_handler &handler) {
        return options_.role == role::server ? feed_as<role::server>(input, handler)
                                             : feed_as<role::client>(input, handler);
    }
    // For who knows its role when it is compiled.
    template <role Self>
    parse_result feed_as(bytes_mut input, parse_handler &handler);

    // Whether a data message has begun (its first byte counts) and is not finished. The parser has no clock:
    // who wants a time-out forgets the time of the beginning in on_message, and takes it after feed when this
    // is true and none is taken.
    bool in_message() const noexcept;

    // Bytes of that message that have come.
    std::size_t message_size() const noexcept;

    // For tests and statistics: bytes of heap memory in use.
    std::size_t memory() const noexcept { return collected_.capacity(); }

  private:
    enum class phase : std::uint8_t { header, payload, closed, failed };
    enum class step : std::uint8_t { done, more, stopped, failed };

    template <role Self>
    bool take_whole(bytes_mut &rest, bytes_mut &payload) noexcept;
    step read_header(bytes_mut &rest) noexcept;
    bool fill_header(bytes_mut &rest, std::size_t size) noexcept;
    step check_first_byte() noexcept;
    step check_second_byte() noexcept;
    step check_length() noexcept;
    void begin_payload() noexcept;

    step read_payload(bytes_mut &rest, parse_handler &handler);
    step read_data(bytes_mut piece, bool ends, parse_handler &handler);
    step read_control(bytes_mut piece, bool ends, parse_handler &handler);
    step deliver_control(bytes_view payload, parse_handler &handler);
    step deliver_close(bytes_view payload, parse_handler &handler);
    step check_text(bytes_view piece, bool ends_message) noexcept;
    void unmask(bytes_mut piece) const noexcept;
    bool collect(bytes_view piece) noexcept;
    std::size_t reservation(std::size_t needed, std::size_t coming) const noexcept;
    bool may_go_on() const noexcept;
    step fail_with(std::uint16_t code, const char *what) noexcept;

    opcode frame_opcode() const noexcept { return static_cast<opcode>(header_[0] & 0x0f); }
    bool frame_is_last() const noexcept { return (header_[0] & 0x80) != 0; }
    masking_key key() const noexcept;

    parse_options options_;
    std::uint32_t fragments_ = 0; // frames of the message in progress, 0 when there is none
    phase phase_ = phase::header;
    std::uint8_t header_seen_ = 0;
    opcode message_kind_ = opcode::continuation;
    byte_buffer collected_;          // the message so far, then what is there of a control frame inside it
    const char *what_ = "";          // of the failure
    std::uint64_t payload_size_ = 0; // of the frame in progress
    std::size_t payload_seen_ = 0;
    std::uint16_t close_code_ = 0;
    utf8_validator text_;
    std::uint8_t header_[max_header_size] = {};
};

static_assert(sizeof(parser) <= 96 || sizeof(void *) > 8, "there is one for each idle session");

} // namespace cryo_core::ws
