// The head of the request that opens a WebSocket: an incremental and strict parser (RFC 9112), fed with
// pieces of any size. It judges syntax; whether the request may pass is admission's to say.
#pragma once

#include "base/bytes.h"
#include "upgrade/header_block.h"

#include <string>
#include <string_view>
#include <utility>

namespace cryo_core::upgrade {

// The longest head, from the first byte to the empty line: what a peer may make us hold before it is anybody.
// Memory is taken as it comes. Balancers take 16 KiB and more; tokens with many claims have some of them.
constexpr std::size_t default_max_head = 16 * 1024;

// The least that a browser's request fits into, with a token; and the most, that of the most generous
// proxies.
constexpr std::size_t least_max_head = 1024;
constexpr std::size_t greatest_max_head = 64 * 1024;

// A request line may take all but a little of the head, so that a token that is too long is told 414 and not
// that there are too many headers.
constexpr std::size_t max_target_for(std::size_t max_head) noexcept {
    return max_head - max_head / 32;
}

// More headers than any client sends; a head of nothing but tiny lines ends here.
constexpr std::size_t max_header_count = 100;

// Far beyond any method there is, so that a stream of letters ends early.
constexpr std::size_t max_method_size = 32;

struct request {
    std::string method;
    std::string target; // as received; holds the token, so it goes into no log
    std::string path;   // still percent-encoded
    std::string query;  // without the question mark, still percent-encoded
    int http_minor = 0; // of HTTP/1.x
    std::string host;
    bool upgrade_websocket = false;  // Upgrade names websocket
    bool connection_upgrade = false; // Connection names upgrade
    bool has_body = false;           // Content-Length other than 0, or Transfer-Encoding
    std::string sec_websocket_key;
    std::string sec_websocket_version;
    std::string origin;        // empty: not sent
    std::string user_agent;    // empty: not sent
    std::string authorization; // empty: not sent; holds a token, so it goes into no log
    // What proxies in front say; the lines of each with ", " between them.
    std::string x_forwarded_for;
    std::string forwarded;
    bool by_proxy = false; // one has left its mark: Via, Forwarded, X-Forwarded-For or the like
    header_block headers;  // all of them, for the application
};

enum class head_state : std::uint8_t { more, complete, failed };

class request_parser {
  public:
    explicit request_parser(std::size_t max_head = default_max_head) noexcept : max_head_(max_head) {}

    struct result {
        head_state state = head_state::more;
        std::size_t consumed = 0; // bytes behind the head are left to the caller
        int status = 0;           // when failed: the answer's; 0: drop it unanswered, the peer speaks no HTTP
        const char *what = "";    // when failed: why, for the answer's body
    };

    // Once complete or failed it stays so and consumes nothing more.
    result feed(bytes_view piece);

    // When complete, once.
    request take() noexcept { return std::move(request_); }

  private:
    enum class state : std::uint8_t {
        start,
        start_lf, // an empty line may precede the request line (RFC 9112 2.2)
        start_again,
        method,
        target,
        version,
        request_lf,
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
        host,
        upgrade,
        connection,
        sec_websocket_key,
        sec_websocket_version,
        origin,
        user_agent,
        authorization,
        content_length,
        transfer_encoding,
        x_forwarded_for,
        forwarded,
        mark_of_proxy,
    };

    static field field_named(std::string_view name) noexcept;

    std::size_t take_run(std::string_view rest);
    void step(char c);
    void step_method(char c);
    void step_target(char c);
    void step_version(char c);
    void step_line(char c);
    void step_name(char c);
    void step_value(char c);
    void expect_lf(char c, state next);
    void end_of_target();
    void end_of_version();
    void end_of_header();
    void end_of_head();
    void join(std::string &into);
    void take_once(std::string &into, const char *what);
    void take_content_length();
    void fail_with(int status, const char *what) noexcept;

    std::size_t max_head_;
    std::size_t head_size_ = 0;
    std::size_t header_count_ = 0;
    std::string text_; // of the version, name or value at hand
    request request_;
    unsigned seen_ = 0; // a bit for each field
    int status_ = 0;
    const char *what_ = "";
    state state_ = state::start;
    field field_ = field::other;
    bool host_from_target_ = false;
};

} // namespace cryo_core::upgrade
