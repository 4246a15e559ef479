#include "upgrade/response.h"

#include "upgrade/syntax.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace cryo_core::upgrade {

response_parser::result response_parser::feed(bytes_view piece) {
    std::size_t used = 0;
    while (used < piece.size() && state_ != state::complete && state_ != state::failed) {
        ++head_size_;
        step(static_cast<char>(piece[used++]));
        if (head_size_ == max_response_head && state_ != state::complete && state_ != state::failed)
            fail_with("its head is too long, over 16 KiB");
    }
    if (state_ == state::complete) return {head_state::complete, used, ""};
    if (state_ == state::failed) return {head_state::failed, used, what_};
    return {head_state::more, used, ""};
}

void response_parser::fail_with(const char *what) noexcept {
    state_ = state::failed;
    what_ = what;
}

void response_parser::step(char c) {
    switch (state_) {
    case state::version:
        return step_version(c);
    case state::status:
        return step_status(c);
    case state::reason:
        return step_reason(c);
    case state::status_lf:
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

void response_parser::expect_lf(char c, state next) {
    if (c != '\n') return fail_with("a carriage return in its head is not followed by a line feed");
    state_ = next;
}

void response_parser::step_version(char c) {
    constexpr std::string_view shape = "HTTP/1.d ";
    const std::size_t at = text_.size();
    if (!(shape[at] == 'd' ? is_digit(c) : shape[at] == c)) return fail_with("it is not HTTP/1.1");
    text_ += c;
    if (text_.size() < shape.size()) return;
    response_.http_minor = text_[shape.size() - 2] - '0';
    text_.clear();
    state_ = state::status;
}

void response_parser::step_status(char c) {
    constexpr std::size_t digits = 3;
    if (text_.size() < digits) {
        if (!is_digit(c) || (text_.empty() && c == '0')) return fail_with("its status is malformed");
        text_ += c;
        return;
    }
    if (c != ' ' && c != '\r') return fail_with("its status is malformed");
    std::from_chars(text_.data(), text_.data() + digits, response_.status);
    text_.clear();
    state_ = c == '\r' ? state::status_lf : state::reason; // many leave the empty reason's space out
}

void response_parser::step_reason(char c) {
    if (c == '\r') {
        state_ = state::status_lf;
        return;
    }
    if (!is_value_char(c)) return fail_with("its status line has a control character");
    if (response_.reason.size() < max_told_value) response_.reason += c;
}

void response_parser::step_line(char c) {
    if (c == '\r') {
        state_ = state::end_lf;
        return;
    }
    if (c == ' ' || c == '\t') return fail_with("a header is folded over several lines");
    if (!is_token_char(c)) return fail_with("the name of a header is malformed");
    state_ = state::name;
    step_name(c);
}

void response_parser::step_name(char c) {
    if (c == ':') {
        field_ = field_named(text_);
        text_.clear();
        state_ = state::value;
        return;
    }
    if (!is_token_char(c)) return fail_with("the name of a header is malformed");
    text_ += c;
}

void response_parser::step_value(char c) {
    if (c == '\r') return end_of_header();
    if (!is_value_char(c)) return fail_with("the value of a header has a control character");
    if (field_ == field::other) return; // nobody asks for it
    if (text_.empty() && (c == ' ' || c == '\t')) return;
    text_ += c;
}

response_parser::field response_parser::field_named(std::string_view name) const noexcept {
    static constexpr std::array<std::pair<std::string_view, field>, 8> known{{
        {"upgrade", field::upgrade},
        {"connection", field::connection},
        {"sec-websocket-accept", field::sec_websocket_accept},
        {"sec-websocket-extensions", field::sec_websocket_extensions},
        {"sec-websocket-protocol", field::sec_websocket_protocol},
        {"retry-after", field::retry_after},
        {"content-length", field::content_length},
        {"transfer-encoding", field::transfer_encoding},
    }};
    for (const auto &[lower, which] : known)
        if (equal_ignoring_case(name, lower)) return which;
    return !wanted_.empty() && equal_ignoring_case(name, wanted_) ? field::wanted : field::other;
}

void response_parser::take_accept() {
    if (!response_.sec_websocket_accept.empty()) return fail_with("Sec-WebSocket-Accept is given twice");
    response_.sec_websocket_accept = text_;
}

// Only how much of a refusal's body there is hangs on it: one that makes no sense is as good as none.
void response_parser::take_content_length() noexcept {
    std::uint64_t length = 0;
    const char *const text_end = text_.data() + text_.size();
    const auto [end, error] = std::from_chars(text_.data(), text_end, length);
    if (error == std::errc() && end == text_end) response_.content_length = length;
}

void response_parser::end_of_header() {
    state_ = state::line_lf;
    text_.resize(trim_right(text_).size());
    switch (field_) {
    case field::upgrade:
        response_.upgrade_websocket |= list_has_token(text_, "websocket");
        break;
    case field::connection:
        response_.connection_upgrade |= list_has_token(text_, "upgrade");
        break;
    case field::sec_websocket_accept:
        take_accept();
        break;
    case field::sec_websocket_extensions:
        response_.has_extension |= !text_.empty();
        break;
    case field::sec_websocket_protocol:
        response_.has_subprotocol |= !text_.empty();
        break;
    case field::retry_after:
        if (response_.retry_after.empty()) response_.retry_after = text_.substr(0, max_told_value);
        break;
    case field::content_length:
        take_content_length();
        break;
    case field::transfer_encoding:
        response_.chunked |= list_has_token(text_, "chunked");
        break;
    case field::wanted:
        if (response_.wanted.empty()) response_.wanted = text_.substr(0, max_told_value);
        break;
    case field::other:
        break;
    }
    text_.clear();
}

void response_parser::end_of_head() {
    if (response_.status >= 200 || response_.status == 101) return;
    interim_size_ += std::exchange(head_size_, 0);
    if (interim_size_ >= max_interim_size)
        return fail_with("over 64 KiB of interim answers (1xx) came before it");
    response_ = {};
    state_ = state::version;
}

std::string_view switching_trouble(const response &head, std::string_view accept_key) noexcept {
    if (head.http_minor == 0) return "it is HTTP/1.0";
    if (!head.upgrade_websocket) return "its Upgrade header does not name websocket";
    if (!head.connection_upgrade) return "its Connection header does not name Upgrade";
    if (head.sec_websocket_accept.empty()) return "Sec-WebSocket-Accept is missing";
    if (head.sec_websocket_accept != accept_key) return "Sec-WebSocket-Accept is wrong";
    if (head.has_extension) return "it has an extension that was not asked for";
    if (head.has_subprotocol) return "it has a subprotocol that was not asked for";
    return {};
}

} // namespace cryo_core::upgrade
