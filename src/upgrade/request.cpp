#include "upgrade/request.h"

#include "upgrade/syntax.h"

#include <utility>

namespace cryo_core::upgrade {

request_parser::result request_parser::feed(bytes_view piece) {
    std::size_t used = 0;
    while (used < piece.size() && state_ != state::complete && state_ != state::failed) {
        used += take_run(as_text(piece.subspan(used)));
        if (used == piece.size()) break;
        step(static_cast<char>(piece[used++]));
        if (++head_size_ >= max_head_ && state_ != state::complete && state_ != state::failed)
            fail_with(431, "The request head is too long.");
    }
    if (state_ == state::complete) return {head_state::complete, used, 0, ""};
    if (state_ == state::failed) return {head_state::failed, used, status_, what_};
    return {head_state::more, used, 0, ""};
}

void request_parser::fail_with(int status, const char *what) noexcept {
    state_ = state::failed;
    status_ = status;
    what_ = what;
}

namespace {

template <bool (*Is)(char)>
std::size_t run_of(std::string_view text) noexcept {
    std::size_t size = 0;
    while (size < text.size() && Is(text[size]))
        ++size;
    return size;
}

} // namespace

// What is plain goes together: the bytes in front of the next one that ends something, is wrong or is too
// much, which step() judges. They are nearly all of a head.
std::size_t request_parser::take_run(std::string_view rest) {
    rest = rest.substr(0, max_head_ - 1 - head_size_);
    std::string *into = &text_;
    std::size_t size = 0;
    if (state_ == state::target) {
        into = &request_.target;
        size = run_of<is_target_char>(rest.substr(0, max_target_for(max_head_) - into->size()));
    } else if (state_ == state::name) {
        size = run_of<is_token_char>(rest);
    } else if (state_ == state::value && !rest.empty() && !is_blank(rest.front())) {
        size = run_of<is_value_char>(rest); // blanks in front of a value are not part of it
    }
    into->append(rest.substr(0, size));
    head_size_ += size;
    return size;
}

void request_parser::step(char c) {
    switch (state_) {
    case state::start:
        if (c == '\r') {
            state_ = state::start_lf;
            return;
        }
        [[fallthrough]];
    case state::start_again:
        // Whatever begins otherwise is another protocol: a TLS hello, for one. An answer would be noise to
        // it.
        if (!is_token_char(c))
            return fail_with(0, c == '\r' ? "not HTTP; it may be a PROXY protocol header" : "not HTTP");
        state_ = state::method;
        [[fallthrough]];
    case state::method:
        return step_method(c);
    case state::start_lf:
        if (c != '\n') return fail_with(0, "not HTTP");
        state_ = state::start_again;
        return;
    case state::target:
        return step_target(c);
    case state::version:
        return step_version(c);
    case state::request_lf:
    case state::line_lf:
        return expect_lf(c, state::line);
    case state::line:
        return step_line(c);
    case state::name:
        return step_name(c);
    case state::value:
        return step_value(c);
    case state::end_lf:
        expect_lf(c, state::complete);
        if (state_ == state::complete) end_of_head();
        return;
    case state::complete:
    case state::failed:
        return;
    }
}

void request_parser::expect_lf(char c, state next) {
    if (c != '\n') return fail_with(400, "A carriage return is not followed by a line feed.");
    state_ = next;
}

void request_parser::step_method(char c) {
    if (c == ' ') {
        if (request_.method == "PROXY")
            return fail_with(400,
                             "This is a PROXY protocol header. Let the server expect it, or the proxy send "
                             "none.");
        state_ = state::target;
        return;
    }
    if (!is_token_char(c)) return fail_with(400, "The method is malformed.");
    if (request_.method.size() == max_method_size) return fail_with(501, "The method is unknown.");
    request_.method += c;
}

void request_parser::step_target(char c) {
    if (c == ' ') return end_of_target();
    if (!is_target_char(c))
        return fail_with(400, "The request target has a character that must be percent-encoded.");
    if (request_.target.size() == max_target_for(max_head_))
        return fail_with(414, "The request target is too long.");
    request_.target += c;
}

void request_parser::end_of_target() {
    if (request_.target == "*" && request_.method == "OPTIONS") { // of the server as a whole
        request_.path = request_.target;
        state_ = state::version;
        return;
    }
    const auto parts = split_target(request_.target);
    if (!parts && request_.target.starts_with('?'))
        return fail_with(400,
                         "The request target lacks its path. Put a slash in front of the question mark.");
    if (!parts) return fail_with(400, "The request target must be a path, or a whole URL.");
    request_.path = parts->path;
    request_.query = parts->query;
    if (!parts->authority.empty()) {
        request_.host = parts->authority; // goes before the Host header (RFC 9112 3.2.2)
        host_from_target_ = true;
    }
    state_ = state::version;
}

void request_parser::step_version(char c) {
    if (c == '\r') return end_of_version();
    text_ += c;
    constexpr std::string_view shape = "HTTP/d.d";
    constexpr std::size_t name_size = 5; // of "HTTP/"
    const auto at = text_.size() - 1;
    if (at < shape.size() && (shape[at] == 'd' ? is_digit(c) : shape[at] == c)) return;
    if (at < name_size && is_target_char(c))
        return fail_with(400,
                         "What follows the request target is no HTTP version. A space in the target, as in "
                         "Bearer TOKEN, is written as %20 or +.");
    fail_with(400, "The HTTP version is malformed.");
}

void request_parser::end_of_version() {
    if (text_.size() != 8) return fail_with(400, "The HTTP version is malformed.");
    if (text_[5] != '1') return fail_with(505, "This server speaks HTTP/1.1.");
    request_.http_minor = text_[7] - '0';
    text_.clear();
    state_ = state::request_lf;
}

void request_parser::step_line(char c) {
    if (c == '\r') {
        state_ = state::end_lf;
        return;
    }
    if (c == ' ' || c == '\t') return fail_with(400, "A header is folded over several lines.");
    if (!is_token_char(c)) return fail_with(400, "A header name is malformed.");
    if (++header_count_ > max_header_count) return fail_with(431, "There are too many headers.");
    state_ = state::name;
    step_name(c);
}

void request_parser::step_name(char c) {
    if (c == ':') {
        field_ = field_named(text_);
        request_.headers.add_name(text_);
        text_.clear();
        state_ = state::value;
        return;
    }
    if (!is_token_char(c)) return fail_with(400, "A header name is malformed.");
    text_ += c;
}

void request_parser::step_value(char c) {
    if (c == '\r') return end_of_header();
    if (!is_value_char(c)) return fail_with(400, "A header value has a control character.");
    if (text_.empty() && is_blank(c)) return;
    text_ += c;
}

void request_parser::end_of_head() {
    const auto seen = [this](field which) { return (seen_ >> static_cast<unsigned>(which) & 1U) != 0; };
    if (request_.http_minor >= 1 && !seen(field::host)) return fail_with(400, "Host is missing.");
    if (seen(field::content_length) && seen(field::transfer_encoding))
        fail_with(400, "Content-Length and Transfer-Encoding exclude each other.");
}

} // namespace cryo_core::upgrade
