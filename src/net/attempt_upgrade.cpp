// From a connection to a WebSocket: TLS, our request, and what the server answers.
#include "net/attempt.h"

#include "net/unix_socket.h"
#include "upgrade/accept_key.h"
#include "upgrade/query.h"

#include <algorithm>

namespace cryo_core::net {

namespace {

// What we keep of a refusal's body. It is for people and the log.
constexpr std::size_t max_body = 4096;

// How long the rest of it may take: the refusal is known already.
constexpr time_us body_patience = from_ms(500);

// How much of it goes into the text of a failure.
constexpr std::size_t max_quoted = 200;

// Without a zone, which is ours.
std::string bracketed(const std::string &host) {
    return host.find(':') != std::string::npos ? "[" + host.substr(0, host.find('%')) + "]" : host;
}

std::string host_header(const dial_target &to) {
    if (is_unix_place(to.host)) return "localhost";
    std::string host = bracketed(to.host);
    if (to.port != (to.tls != nullptr ? 443 : 80)) host += ":" + std::to_string(to.port);
    return host;
}

// The first line of what the server says, if it looks like words.
std::string quotable(std::string_view body) {
    body = body.substr(0, std::min(body.find_first_of("\r\n"), max_quoted));
    const bool words = std::all_of(body.begin(), body.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '<' && c != '{';
    });
    return words ? upgrade::replace_invalid_utf8(body) : std::string();
}

} // namespace

// RFC 9110 section 9.3.6
void attempt::ask_proxy() {
    stage_ = stage::proxy;
    const std::string to = bracketed(target_.host) + ":" + std::to_string(target_.port);
    std::string request = "CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n";
    if (!target_.through->authorization.empty())
        request += "Proxy-Authorization: " + target_.through->authorization + "\r\n";
    stream_->write(as_bytes(request + "\r\n"));
    stream_->watch(true);
}

// Whoever speaks behind it speaks too early: a server waits for us.
bool attempt::proxy_answered(bool more_came) {
    if (more_came) {
        fail({status::http, near_name() + " says more than an answer to CONNECT"});
        return false;
    }
    head_ = upgrade::response_parser();
    secure();
    return false; // it goes on with the next event
}

void attempt::secure() {
    if (target_.tls == nullptr) return ask();
    stage_ = stage::tls;
    failure why;
    if (!stream_->start_tls(target_.tls, target_.host, why)) return fail(std::move(why));
    shake_hands();
}

void attempt::shake_hands() {
    switch (stream_->tls()->shake_hands()) {
    case tls_stream::step::done:
        return ask();
    case tls_stream::step::waits:
        return stream_->watch(true);
    case tls_stream::step::failed:
        return lost();
    }
}

void attempt::ask() {
    stage_ = stage::upgrade;
    head_.want(target_.wanted_header);
    key_ = upgrade::new_websocket_key();
    const std::string request =
        "GET " + target_.path_and_query + " HTTP/1.1\r\nHost: " + host_header(target_) +
        "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + key_ +
        "\r\nSec-WebSocket-Version: 13\r\n" + target_.headers + "\r\n";
    stream_->write(as_bytes(request)); // a server that has gone may have said why: reading tells
    stream_->watch(true);
}

void attempt::on_ready(bool readable, bool writable) noexcept {
    guarded([&] {
        if (writable) stream_->drain();
        if (stage_ == stage::tls) {
            shake_hands();
        } else if (readable) {
            while (read() && stream_->more_to_read()) {
            }
        } else {
            stream_->watch(true);
        }
    });
}

// Whether it goes on; this may be gone behind it else.
bool attempt::read() {
    const bytes_mut buffer = core_.read_buffer();
    const auto size = stream_->read(buffer);
    if (!size) {
        lost();
        return false;
    }
    const bytes_mut data = buffer.first(*size);
    if (stage_ == stage::body) {
        stream_->watch(true);
        if (body_->feed(data)) return true;
        refused();
        return false;
    }
    const auto result = head_.feed(data);
    switch (result.state) {
    case upgrade::head_state::more:
        stream_->watch(true);
        return true;
    case upgrade::head_state::failed:
        fail({status::http,
              stage_ == stage::proxy
                  ? "the answer of " + near_name() + " is none: " + result.what
                  : "the answer of " + target_.host + " is no WebSocket upgrade: " + result.what});
        return false;
    case upgrade::head_state::complete:
        return answered(data.subspan(result.consumed));
    }
    return false;
}

bool attempt::answered(bytes_mut behind) {
    answer_ = head_.take();
    if (stage_ == stage::proxy) {
        by_proxy_ = answer_.status < 200 || answer_.status > 299;
        return by_proxy_ ? await_body(behind) : proxy_answered(!behind.empty());
    }
    if (answer_.status != 101) return await_body(behind);
    const auto trouble = upgrade::switching_trouble(answer_, upgrade::accept_key(key_));
    if (!trouble.empty()) {
        dial_failure why;
        why.http_status = answer_.status;
        why.reason = {status::http,
                      "the answer of " + target_.host + " is no WebSocket upgrade: " + std::string(trouble)};
        give_up(std::move(why));
        return false;
    }
    who_.on_upgraded(std::move(stream_), std::move(remote_), std::move(answer_.wanted), behind);
    return false;
}

bool attempt::await_body(bytes_mut begun) {
    stage_ = stage::body;
    body_.emplace(answer_, max_body);
    if (!body_->feed(begun)) {
        refused();
        return false;
    }
    core_.timers().set(*this, std::min(give_up_at_, core_.now() + body_patience));
    return true;
}

void attempt::refused() {
    dial_failure why;
    why.http_status = answer_.status;
    why.retry_after = answer_.retry_after;
    why.body = body_->take();
    std::string text = target_.host + " refuses the WebSocket: ";
    if (by_proxy_ && answer_.status == 407)
        text = near_name() + " wants a user and a password, or others: ";
    else if (by_proxy_)
        text = near_name() + " does not connect to " + target_.host + ": ";
    text += std::to_string(answer_.status);
    if (!answer_.reason.empty()) text += " " + upgrade::replace_invalid_utf8(answer_.reason);
    if (const std::string words = quotable(why.body); !words.empty()) text += " (" + words + ")";
    why.reason = {status::http, std::move(text)};
    give_up(std::move(why));
}

void attempt::lost() {
    if (stage_ == stage::body) return refused();
    const tls_stream *const tls = stream_->tls();
    failure why = tls != nullptr ? tls->objection(target_.host) : failure();
    const std::string words = tls != nullptr ? tls->words() : "";
    if (!why && stage_ == stage::tls)
        why = {status::tls, "the TLS handshake with " + target_.host +
                                " failed: " + (words.empty() ? "the connection was closed" : words)};
    if (!why && !words.empty())
        why = {status::tls, "the TLS connection to " + target_.host + " broke: " + words};
    if (!why && stage_ == stage::proxy)
        why = {status::closed, near_name() + " closed the connection before it answered CONNECT"};
    if (!why)
        why = {status::closed,
               target_.host + " closed the connection before it answered the WebSocket upgrade"};
    fail(std::move(why));
}

} // namespace cryo_core::net
