// The head of the answer to a client's request for a WebSocket: an incremental and strict parser (RFC 9112),
// fed with pieces of any size. Interim answers (1xx but 101) are passed over (RFC 9110 section 15.2).
#pragma once

#include "base/bytes.h"
#include "upgrade/request.h"

#include <optional>

namespace cryo_core::upgrade {

// The longest head of an answer: what a server may make us hold before it is one. Cookies of load balancers
// and policies for browsers take some KiB.
constexpr std::size_t max_response_head = 16 * 1024;

// All interim answers together, so that a server cannot send them for ever.
constexpr std::size_t max_interim_size = 64 * 1024;

// Of the values that are told to people; what is longer is cut.
constexpr std::size_t max_told_value = 256;

struct response {
    int http_minor = 0; // of HTTP/1.x
    int status = 0;
    std::string reason; // may be empty; the bytes need not be UTF-8
    std::string retry_after;
    std::string wanted; // the value of the header that response_parser::want names
    std::string sec_websocket_accept;
    bool upgrade_websocket = false;  // Upgrade names websocket
    bool connection_upgrade = false; // Connection names upgrade
    bool has_extension = false;
    bool has_subprotocol = false;
    bool chunked = false;
    std::optional<std::uint64_t> content_length;
};

class response_parser {
  public:
    struct result {
        head_state state = head_state::more;
        std::size_t consumed = 0; // bytes behind the head are left to the caller
        const char *what = ""; // when failed: why it is no answer, as in "the answer is none: it is not HTTP"
    };

    // One more header whose value is kept, by its name in lower case, which outlives the parser. Empty: none.
    void want(std::string_view name) noexcept { wanted_ = name; }

    // Once complete or failed it stays so and consumes nothing more.
    result feed(bytes_view piece);

    // Whether anything at all has come.
    bool begun() const noexcept { return head_size_ + interim_size_ > 0; }

    // When complete, once.
    response take() noexcept { return std::move(response_); }

  private:
    enum class state : std::uint8_t {
        version,
        status,
        reason,
        status_lf,
        line,
        name,
        value,
        line_lf,
        end_lf,
        complete,
        failed,
    };
    enum class field : std::uint8_t {
        other,
        upgrade,
        connection,
        sec_websocket_accept,
        sec_websocket_extensions,
        sec_websocket_protocol,
        retry_after,
        content_length,
        transfer_encoding,
        wanted,
    };

    field field_named(std::string_view name) const noexcept;

    void step(char c);
    void step_version(char c);
    void step_status(char c);
    void step_reason(char c);
    void step_line(char c);
    void step_name(char c);
    void step_value(char c);
    void expect_lf(char c, state next);
    void end_of_header();
    void take_accept();
    void take_content_length() noexcept;
    void end_of_head();
    void fail_with(const char *what) noexcept;

    std::size_t head_size_ = 0;
    std::size_t interim_size_ = 0;
    std::string_view wanted_;
    std::string text_; // of the status, name or value at hand
    response response_;
    const char *what_ = "";
    state state_ = state::version;
    field field_ = field::other;
};

// Why this 101 begins no WebSocket (RFC 6455 section 4.1), where that was to have this Sec-WebSocket-Accept;
// empty: it does.
std::string_view switching_trouble(const response &head, std::string_view accept_key) noexcept;

} // namespace cryo_core::upgrade
