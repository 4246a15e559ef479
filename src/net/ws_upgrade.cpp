// The HTTP part of a WebSocket's beginning: our request, and what the server answers.
#include "net/ws_connection.h"

#include <algorithm>
#include <array>

namespace cryo_core::net {

namespace {

// What we keep of a refusal's body. It is for people and the log.
constexpr std::size_t max_body = 4096;

// How much of that goes into the text of a failure.
constexpr std::size_t max_quoted = 200;

// How far from its end the head of libwebsockets begins: it has the placeholder for its path, and a host that
// it cuts to less than half of this.
constexpr std::size_t max_generated_head = 1024;

constexpr std::string_view key_name = "Sec-WebSocket-Key: ";

std::string host_header(const dial_target &to) {
    const bool v6 = to.host.find(':') != std::string::npos;
    std::string host = v6 ? "[" + to.host.substr(0, to.host.find('%')) + "]" : to.host;
    if (to.port != (to.tls != nullptr ? 443 : 80)) host += ":" + std::to_string(to.port);
    return host;
}

std::string header(lws *wsi, lws_token_indexes which) {
    std::array<char, 256> text{};
    const int size = lws_hdr_copy(wsi, text.data(), static_cast<int>(text.size()), which);
    return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : std::string();
}

// The first line of what the server says, if it looks like words.
std::string quotable(std::string_view body) {
    body = body.substr(0, std::min(body.find_first_of("\r\n"), max_quoted));
    const bool words = std::all_of(body.begin(), body.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '<' && c != '{';
    });
    return words ? std::string(body) : std::string();
}

} // namespace

// libwebsockets cuts the path at 2 KiB and the host at 120 bytes, so the head that it has written is replaced
// by ours; only the key, whose answer it checks, is its own. It adds the empty line itself.
bool ws_connection::write_head(char **end, std::size_t room) {
    stage_ = stage::upgrade;
    const std::string start = std::string("GET ") + placeholder_path + " HTTP/1.1\r\n";
    char *begin = *end;
    for (std::size_t back = 0; std::string_view(begin, back).substr(0, start.size()) != start;
         ++back, --begin)
        if (back == max_generated_head) return false;
    const std::string_view theirs(begin, static_cast<std::size_t>(*end - begin));
    const std::size_t key_at = theirs.find(key_name);
    if (key_at == std::string_view::npos) return false;
    const std::string_view from_key = theirs.substr(key_at + key_name.size());
    const std::string key(from_key.substr(0, from_key.find('\r')));
    const std::string ours = "GET " + target_.path_and_query + " HTTP/1.1\r\nHost: " + host_header(target_) +
                             "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + std::string(key_name) +
                             key + "\r\nSec-WebSocket-Version: 13\r\n";
    if (ours.size() > theirs.size() + room) return false;
    std::copy(ours.begin(), ours.end(), begin);
    *end = begin + ours.size();
    return true;
}

// A refusal is all that is read here: its body goes away when this returns.
bool ws_connection::answered() {
    if (wsi_ == nullptr || phase_ != phase::dialing) return false;
    failure_.http_status = static_cast<int>(lws_http_client_http_response(wsi_));
    if (failure_.http_status == 101) return true;
    failure_.retry_after = header(wsi_, WSI_TOKEN_HTTP_RETRY_AFTER);
    status_line_ = header(wsi_, WSI_TOKEN_HTTP);
    char *piece = nullptr;
    int size = 0;
    if (lws_http_client_read(wsi_, &piece, &size) != 0) return false;
    return false;
}

void ws_connection::body_came(bytes_view piece) {
    failure_.body += as_text(piece).substr(0, max_body - std::min(max_body, failure_.body.size()));
}

failure ws_connection::loss_during_upgrade(std::string_view what) const {
    if (failure_.http_status == 0 && !what.starts_with("HS:") &&
        what.find("header") == std::string_view::npos)
        return {status::closed,
                target_.host + " closed the connection before it answered the WebSocket upgrade"};
    if (failure_.http_status == 0 || failure_.http_status == 101) {
        if (what.starts_with("HS: ")) what.remove_prefix(4);
        return {status::http,
                "the answer of " + target_.host + " is no WebSocket upgrade: " + std::string(what)};
    }
    std::string text = target_.host + " refuses the WebSocket: " +
                       (status_line_.empty() ? std::to_string(failure_.http_status) : status_line_);
    if (const std::string words = quotable(failure_.body); !words.empty()) text += " (" + words + ")";
    return {status::http, std::move(text)};
}

} // namespace cryo_core::net
