// What a request's headers say.
#include "upgrade/request.h"
#include "upgrade/syntax.h"

#include <utility>

namespace cryo_core::upgrade {

request_parser::field request_parser::field_named(std::string_view name) noexcept {
    static constexpr std::pair<std::string_view, field> known[] = {
        {"host", field::host},
        {"upgrade", field::upgrade},
        {"connection", field::connection},
        {"sec-websocket-key", field::sec_websocket_key},
        {"sec-websocket-version", field::sec_websocket_version},
        {"origin", field::origin},
        {"user-agent", field::user_agent},
        {"authorization", field::authorization},
        {"content-length", field::content_length},
        {"transfer-encoding", field::transfer_encoding},
        {"x-forwarded-for", field::x_forwarded_for},
        {"forwarded", field::forwarded},
        {"via", field::mark_of_proxy},
        {"x-real-ip", field::mark_of_proxy},
        {"x-forwarded-proto", field::mark_of_proxy},
        {"x-forwarded-host", field::mark_of_proxy},
        {"x-forwarded-server", field::mark_of_proxy},
    };
    for (const auto &[lower, which] : known)
        if (name.size() == lower.size() && equal_ignoring_case(name, lower)) return which;
    return field::other;
}

void request_parser::take_once(std::string &into, const char *what) {
    const unsigned bit = 1U << static_cast<unsigned>(field_);
    if ((seen_ & bit) != 0) return fail_with(400, what);
    seen_ |= bit;
    into = text_;
}

void request_parser::join(std::string &into) {
    request_.by_proxy = true;
    if (!into.empty()) into += ", ";
    into += text_;
}

void request_parser::take_content_length() {
    std::string length;
    take_once(length, "Content-Length is given twice.");
    if (state_ == state::failed) return;
    if (!is_number(length)) return fail_with(400, "Content-Length is not a number.");
    if (length.find_first_not_of('0') != std::string::npos) request_.has_body = true;
}

void request_parser::end_of_header() {
    state_ = state::line_lf;
    text_.resize(trim_right(text_).size());
    request_.headers.add_value(text_);
    switch (field_) {
    case field::host: {
        std::string host;
        take_once(host, "Host is given twice.");
        if (state_ != state::failed && !is_host(host)) fail_with(400, "Host is malformed.");
        if (!host_from_target_) request_.host = std::move(host);
        break;
    }
    case field::upgrade:
        request_.upgrade_websocket |= list_has_token(text_, "websocket");
        break;
    case field::connection:
        request_.connection_upgrade |= list_has_token(text_, "upgrade");
        break;
    case field::sec_websocket_key:
        take_once(request_.sec_websocket_key, "Sec-WebSocket-Key is given twice.");
        break;
    case field::sec_websocket_version:
        take_once(request_.sec_websocket_version, "Sec-WebSocket-Version is given twice.");
        break;
    case field::origin:
        take_once(request_.origin, "Origin is given twice.");
        break;
    case field::user_agent:
        if (request_.user_agent.empty()) request_.user_agent = text_;
        break;
    case field::authorization:
        if (request_.authorization.empty()) request_.authorization = text_;
        break;
    case field::content_length:
        take_content_length();
        break;
    case field::transfer_encoding:
        seen_ |= 1U << static_cast<unsigned>(field_);
        request_.has_body = true;
        break;
    case field::x_forwarded_for:
        join(request_.x_forwarded_for);
        break;
    case field::forwarded:
        join(request_.forwarded);
        break;
    case field::mark_of_proxy:
        request_.by_proxy = true;
        break;
    case field::other:
        break;
    }
    text_.clear();
}

} // namespace cryo_core::upgrade
