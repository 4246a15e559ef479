// How a session of the load generator comes to be: connection, TLS, upgrade, CALE.
#include "bench/session.h"

#include "base64.h"

#include "upgrade/accept_key.h"

#include <algorithm>
#include <cctype>
#include <cstring>

namespace cryo_tool {

using namespace cryo_core;

namespace {

// A server's answer to the upgrade; more is none.
constexpr std::size_t most_head = 65536;

// The pair that all sessions of the generator have.
class shared_key_pair final : public cale::crypto::key_pair {
  public:
    explicit shared_key_pair(cale::crypto::key_pair &whose) noexcept : whose_(whose) {
        point_ = whose.point();
    }

    cale::crypto::agreement agree(bytes_view peer, cale::crypto::shared_secret &out) noexcept override {
        return whose_.agree(peer, out);
    }

  private:
    cale::crypto::key_pair &whose_;
};

// The value of a header field; empty if there is none. Field names are not case-sensitive.
std::string_view field(std::string_view head, std::string_view name) noexcept {
    const auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    };
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at)) {
        at += 2;
        const std::string_view line = head.substr(at, head.find("\r\n", at) - at);
        if (line.size() <= name.size() || line[name.size()] != ':' ||
            !std::equal(name.begin(), name.end(), line.begin(), same))
            continue;
        std::string_view value = line.substr(name.size() + 1);
        value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
        return value.substr(0, value.find_last_not_of(" \t") + 1);
    }
    return {};
}

} // namespace

void bench_session::connected() {
    if (const int error = stream_->connect_error(); error != 0) {
        fail(&bench_faults::unconnected, std::string("no connection: ") + std::strerror(error));
        return;
    }
    if (!stream_->is_tls()) return request();
    phase_ = phase::tls;
    shake_hands();
}

void bench_session::shake_hands() {
    switch (stream_->shake_hands()) {
    case bench_stream::handshake::done:
        return request();
    case bench_stream::handshake::wants_read:
        return watch_->want_write(false);
    case bench_stream::handshake::wants_write:
        return watch_->want_write(true);
    case bench_stream::handshake::failed:
        fail(&bench_faults::unconnected, "no connection: " + stream_->why());
    }
}

void bench_session::request() {
    phase_ = phase::upgrade;
    std::vector<std::uint8_t> nonce;
    for (int i = 0; i < 4; ++i) {
        const ws::masking_key part = shared_.keys.next();
        nonce.insert(nonce.end(), part.begin(), part.end());
    }
    const std::string key = to_base64(nonce);
    shared_.output.append(
        as_bytes(shared_.request_begin + sid_.text() + shared_.request_end + key + "\r\n\r\n"));
    accept_ = upgrade::accept_key(key);
    flush();
}

std::size_t bench_session::take_answer(bytes_mut bytes) {
    constexpr std::string_view end_of_head = "\r\n\r\n";
    const std::string_view text = as_text(bytes);
    const std::size_t end = text.find(end_of_head);
    if (end == std::string::npos) {
        if (text.size() > most_head) fail(&bench_faults::protocol, "the answer to the upgrade has no end");
        return 0;
    }
    if (!is_upgrade(text.substr(0, end))) return bytes.size();
    if (shared_.cale) {
        begin_cale();
    } else {
        phase_ = phase::open;
    }
    // What came with the answer first, so that a ping is answered before a close, say.
    std::size_t taken = end + end_of_head.size();
    taken += take(bytes.subspan(taken));
    if (phase_ == phase::open && !was_open_) open();
    return taken;
}

bool bench_session::is_upgrade(std::string_view head) {
    const std::string_view status = head.substr(0, head.find("\r\n"));
    constexpr std::string_view upgraded = "HTTP/1.1 101";
    if (status.substr(0, upgraded.size()) != upgraded)
        return fail(&bench_faults::refused, "the server answered " + std::string(status));
    if (field(head, "Sec-WebSocket-Accept") != accept_)
        return fail(&bench_faults::protocol, "the answer to the upgrade is that to another request");
    return true;
}

void bench_session::begin_cale() {
    phase_ = phase::cale;
    handshake_ = std::make_unique<cale::handshake>(cale::role::client);
    static_cast<void>(
        handshake_->start(std::make_unique<shared_key_pair>(*shared_.key_pair), next_number_++));
    next_answer_ = next_ack_ = next_number_; // a hello has neither
}

void bench_session::shake_hands_of_cale(const codec::frame &frame) {
    using action = cale::handshake_step::action;
    for (cale::handshake_step step = handshake_->receive(frame);;) {
        if (step.send) put(step.send->type, step.send->number, step.send->payload);
        switch (step.next) {
        case action::none:
            return;
        case action::agree: {
            cale::agreement_job job = handshake_->take_job();
            step = handshake_->agreed(job.run());
            break;
        }
        case action::secure:
            channel_ = handshake_->take_channel();
            handshake_.reset();
            if (channel_) return open();
            [[fallthrough]];
        case action::fail:
            fail(&bench_faults::protocol, "CALE: " + std::string(step.reason));
            return;
        }
    }
}

// A broadcast goes to the sessions that the server has told its application of, which it does when it knows
// that the peer listens. An answer to a ping comes behind that.
void bench_session::ask_whether_it_hears() {
    phase_ = phase::listening;
    put(codec::frame_type::ping_pong, next_number_++, as_bytes(codec::ping_text));
    next_answer_ = next_ack_ = next_number_; // a ping has neither
}

void bench_session::open() {
    if (shared_.broadcast != nullptr && phase_ != phase::listening) return ask_whether_it_hears();
    phase_ = phase::open;
    was_open_ = true;
    shared_.owner.on_open(*this);
}

} // namespace cryo_tool
