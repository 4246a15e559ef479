#include "cale/handshake.h"

namespace cryo_core::cale {

using codec::frame_type;
using action = handshake_step::action;

namespace {

constexpr std::string_view mismatch_text = "This end expects CALE.";
constexpr std::string_view out_of_turn_text = "CALE handshake failed: frame out of turn.";
constexpr std::string_view bad_number_text = "CALE handshake failed: wrong number.";
constexpr std::string_view bad_point_text = "CALE handshake failed: bad public key.";
constexpr std::string_view internal_text = "CALE handshake failed: internal error.";

constexpr bool is_handshake_frame(frame_type type) noexcept {
    return type == frame_type::server_hello || type == frame_type::client_hello ||
           type == frame_type::handshake_done;
}

constexpr frame_type hello_of(role end) noexcept {
    return end == role::server ? frame_type::server_hello : frame_type::client_hello;
}

constexpr role other(role end) noexcept {
    return end == role::server ? role::client : role::server;
}

handshake_step sending(frame_type type, std::uint32_t number, bytes_view payload) noexcept {
    handshake_step step;
    step.send = handshake_frame{type, number, payload};
    return step;
}

} // namespace

key_agreement agreement_job::run() noexcept {
    if (own_ == nullptr) return {};
    auto outcome = agree_on_keys(*provider_, *own_, peer_);
    own_.reset();
    return outcome;
}

handshake_step handshake::start(std::unique_ptr<crypto::key_pair> own, std::uint32_t number) noexcept {
    if (state_ != state::idle) return {};
    if (own == nullptr) return give_up_inside();
    own_ = std::move(own);
    own_point_ = own_->point();
    hello_number_ = number;
    state_ = state::awaiting_hello;
    if (self_ == role::client) return {};
    return sending(frame_type::server_hello, hello_number_, own_point_);
}

handshake_step handshake::receive(const codec::frame &frame) noexcept {
    if (!is_handshake_frame(frame.type)) return take_other(frame.type);
    switch (state_) {
    case state::awaiting_hello:
        return take_hello(frame);
    case state::awaiting_done:
        return take_done(frame);
    case state::idle:
    case state::agreeing:
    case state::secure:
        return give_up(close_handshake, out_of_turn_text);
    case state::failed:
        return {};
    }
    return {};
}

// Pings are let be, and not answered: existing clients close on what is no handshake frame.
handshake_step handshake::take_other(frame_type type) noexcept {
    if (type == frame_type::ping_pong || state_ == state::secure || state_ == state::failed) return {};
    return give_up(close_mismatch, mismatch_text);
}

handshake_step handshake::take_hello(const codec::frame &frame) noexcept {
    if (frame.type != hello_of(other(self_))) return give_up(close_handshake, out_of_turn_text);
    if (frame.payload.size() != peer_point_.size()) return give_up(close_handshake, bad_point_text);
    std::memcpy(peer_point_.data(), frame.payload.data(), peer_point_.size());
    done_number_ = self_ == role::server ? frame.number : hello_number_;
    state_ = state::agreeing;
    handshake_step step;
    step.next = action::agree;
    return step;
}

handshake_step handshake::expire() noexcept {
    const bool nothing_came = state_ == state::idle || state_ == state::awaiting_hello;
    return give_up(close_handshake, self_ == role::client && nothing_came ? silent_text : late_text);
}

agreement_job handshake::take_job() noexcept {
    return {*provider_, std::move(own_), peer_point_};
}

handshake_step handshake::agreed(key_agreement outcome) noexcept {
    if (state_ != state::agreeing) return {};
    switch (outcome.outcome) {
    case crypto::agreement::refused:
        return give_up(close_handshake, bad_point_text);
    case crypto::agreement::failed:
        return give_up_inside();
    case crypto::agreement::reached:
        break;
    }
    keys_ = std::move(outcome.keys);
    state_ = state::awaiting_done;
    if (self_ == role::client) return sending(frame_type::client_hello, hello_number_, own_point_);
    return sending(frame_type::handshake_done, done_number_, as_bytes(codec::handshake_done_text));
}

// The payload is not looked at: implementations put different things into it.
handshake_step handshake::take_done(const codec::frame &frame) noexcept {
    if (frame.type != frame_type::handshake_done) return give_up(close_handshake, out_of_turn_text);
    if (frame.number != done_number_) return give_up(close_handshake, bad_number_text);
    state_ = state::secure;
    handshake_step step;
    if (self_ == role::client)
        step = sending(frame_type::handshake_done, done_number_, as_bytes(codec::handshake_done_text));
    step.next = action::secure;
    return step;
}

std::optional<channel> handshake::take_channel(const rekey_limits &limits) noexcept {
    if (state_ != state::secure) return std::nullopt;
    const session_keys keys = std::move(keys_); // gone with this call, whatever comes of it
    return channel::make(*provider_, self_, keys, limits);
}

handshake_step handshake::give_up(std::uint16_t code, std::string_view reason) noexcept {
    state_ = state::failed;
    own_.reset();
    keys_ = {};
    handshake_step step;
    step.next = action::fail;
    step.close_code = code;
    step.reason = reason;
    return step;
}

// A server says that it is its own fault; a client can only say that it failed.
handshake_step handshake::give_up_inside() noexcept {
    return give_up(self_ == role::server ? close_internal : close_handshake, internal_text);
}

} // namespace cryo_core::cale
