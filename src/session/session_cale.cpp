// A session with CALE: its handshake, and what is sealed afterwards.
#include "session/session.h"

#include "codec/encode.h"

#include <utility>

namespace cryo_core {

using codec::decode_error;
using codec::frame_type;

namespace {

constexpr bool is_hello(frame_type type) noexcept {
    return type == frame_type::server_hello || type == frame_type::client_hello;
}

} // namespace

void session::computed(cale_job done, time_us now) {
    if (state_ != state::securing) return;
    const bool was_deaf = !security_->hears();
    const bool began = done.makes_key_pair();
    const cale::handshake_step step = security_->computed(std::move(done), next_number_);
    if (began) ++next_number_; // the hello's
    take_step(step, now);
    if (was_deaf && state_ == state::securing) hear(std::move(early_), now);
}

void session::receive_in_handshake(bytes_view message, time_us now) {
    if (state_ == state::closing) return;
    const codec::decoded decoded = codec::decode(message);
    const bool wrong_point = decoded.error == decode_error::payload_size &&
                             is_hello(decoded.value.type); // for the handshake to judge
    if ((decoded.error != decode_error::none && !wrong_point) || decoded.value.sid != sid_)
        return violation(decoded.number);
    take_step(security_->receive(decoded.value), now);
}

void session::take_step(const cale::handshake_step &step, time_us now) {
    using action = cale::handshake_step::action;
    if (step.send) security_->say(*step.send);
    switch (step.next) {
    case action::none:
        return;
    case action::agree:
        return events_.on_computation(security_->agreement_job());
    case action::secure:
        return become_secure(now);
    case action::fail:
        return want_close(step.close_code, step.reason);
    }
}

void session::become_secure(time_us now) {
    if (!security_->make_channel())
        return want_close(self_ == cale::role::server ? cale::close_internal : cale::close_handshake,
                          "CALE handshake failed: internal error.");
    become_open(now);
}

void session::receive_sealed(bytes_mut message, time_us now) {
    cale::channel &channel = *security_->channel();
    const bool plain_may_come = channel.takes_plaintext();
    const cale::opened opened = channel.open(message);
    switch (opened.error) {
    case cale::open_error::none:
        return receive_frame(opened.frame, now);
    case cale::open_error::not_a_record:
        if (plain_may_come) return receive_plain(message, now);
        return want_close(cryo_close::client_error, "A message is not encrypted.");
    case cale::open_error::forged:
        return want_close(cryo_close::client_error, "A message failed decryption.");
    case cale::open_error::replayed:
        return want_close(cryo_close::client_error, "A message was replayed.");
    }
}

// What a server had on its way when it heard that the channel is secure.
void session::receive_plain(bytes_view message, time_us now) {
    const codec::decoded decoded = codec::decode(message);
    if (decoded.error == decode_error::none && codec::is_data(decoded.value.type))
        return want_close(cryo_close::client_error, "A message is not encrypted.");
    receive_frame(message, now);
}

// Out of turn, or not to be answered at all.
void session::receive_handshake_frame(frame_type type, std::uint32_t number) {
    if (security_) return want_close(cryo_close::cale_handshake, "CALE handshake failed: frame out of turn.");
    const frame_type hello =
        self_ == cale::role::server ? frame_type::client_hello : frame_type::server_hello;
    if (type == hello)
        return want_close(cryo_close::cale_mismatch, self_ == cale::role::server
                                                         ? "This server does not speak CALE."
                                                         : "This client does not speak CALE.");
    violation(number);
}

bool session::seal(std::uint8_t *record, std::size_t frame_size) noexcept {
    cale::channel &channel = *security_->channel();
    if (!channel.seal(record, frame_size)) {
        cannot_encrypt();
        return false;
    }
    if (channel.rekey_due()) want_rekey();
    return true;
}

bool session::fill_record(std::uint8_t *place, std::uint32_t number, codec::frame_type type,
                          bytes_view payload) noexcept {
    const std::size_t size = codec::write_frame(place + cale::iv_size, sid_, number, type, payload);
    if (!security_->channel()->seal(place, size)) {
        events_.leave_out(size + cale::record_overhead);
        cannot_encrypt();
        return false;
    }
    counters_.bytes_tx.add(size + cale::record_overhead);
    return true;
}

void session::cannot_encrypt() noexcept {
    drop_output();
    want_close(self_ == cale::role::server ? cryo_close::server_error : cryo_close::client_error,
               "A message could not be encrypted.");
}

void session::want_rekey() {
    want_close(cryo_close::graceful, cryo_close::rekey);
}

} // namespace cryo_core
