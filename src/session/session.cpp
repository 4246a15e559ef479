#include "session/session.h"

#include "base/utf8.h"
#include "codec/encode.h"

#include <algorithm>
#include <utility>

namespace cryo_core {

using codec::frame_type;

session::session(const uuid &sid, const session_options &options, session_counters &counters,
                 session_events &events, time_us now) noexcept
    : sid_(sid), options_(options), counters_(counters), events_(events), queue_(options_),
      acks_(options.ack_timeout), next_tick_(now + options.hello_wait) {}

void session::peer_listens(time_us now) {
    if (state_ != state::waiting) return;
    state_ = state::open;
    next_tick_ = now + options_.keepalive;
    // Taken first: the session is no longer congested by them when it is announced.
    const auto early = std::exchange(early_, {});
    early_bytes_ = 0;
    events_.on_open();
    for (const byte_buffer &message : early) {
        if (state_ != state::open) return;
        receive_frame(message.view(), now);
    }
}

void session::receive(bytes_view message, time_us now) {
    counters_.bytes_rx.add(message.size());
    if (state_ == state::waiting) {
        early_.emplace_back().append(message);
        early_bytes_ += message.size() + sizeof(byte_buffer);
        return;
    }
    receive_frame(message, now);
}

void session::receive_frame(bytes_view message, time_us now) {
    const codec::decoded decoded = codec::decode(message);
    if (decoded.error != codec::decode_error::none || decoded.value.sid != sid_)
        return violation(decoded.number);
    ping_unanswered_ = false;

    const codec::frame &frame = decoded.value;
    switch (frame.type) {
    case frame_type::ack:
        if (const auto elapsed = acks_.acknowledged(frame.number, now)) sample_round_trip(*elapsed);
        return;
    case frame_type::error: // the peer's complaint about a frame of ours: nothing can be done about it
        return;
    case frame_type::ping_pong:
        return receive_ping_pong(frame);
    case frame_type::utf8_data:
        if (state_ == state::open && !utf8_valid(frame.payload))
            return want_close(cryo_close::invalid_payload, "A text message is not UTF-8.");
        return receive_data(frame, message_kind::utf8);
    case frame_type::binary_data:
        return receive_data(frame, message_kind::binary);
    case frame_type::client_hello:
        return want_close(cryo_close::cale_mismatch, "This server does not speak CALE.");
    case frame_type::server_hello:
    case frame_type::handshake_done:
        return violation(frame.number);
    }
}

void session::receive_data(const codec::frame &frame, message_kind kind) {
    if (state_ != state::open) return;
    queue_.push_control({frame.number, control_kind::ack});
    events_.on_message(kind, frame.payload);
}

void session::receive_ping_pong(const codec::frame &frame) {
    if (state_ != state::open || as_text(frame.payload) != codec::ping_text) return;
    queue_.push_control({frame.number, control_kind::pong});
}

void session::violation(std::uint32_t number) {
    if (state_ != state::open) return;
    if (++violations_ > options_.max_violations)
        return want_close(cryo_close::client_error, "Too many malformed frames.");
    queue_.push_control({number, control_kind::invalid_operation});
}

void session::want_close(std::uint16_t code, std::string_view reason) {
    if (state_ == state::closing) return;
    begin_close();
    events_.on_close_wanted(code, reason);
}

namespace {

frame_type data_type(message_kind kind) {
    return kind == message_kind::utf8 ? frame_type::utf8_data : frame_type::binary_data;
}

} // namespace

bool session::send(message_kind kind, shared_bytes payload) {
    if (state_ == state::closing || !queue_.push_data({data_type(kind), std::move(payload)})) return false;
    publish_queue();
    return true;
}

void session::send_accepted(message_kind kind, shared_bytes payload) {
    queue_.push_accepted({data_type(kind), std::move(payload)});
    publish_queue();
}

void session::ping() {
    if (state_ != state::open || queue_.control_count() >= max_control_backlog) return;
    queue_.push_control({0, control_kind::ping});
}

void session::begin_close() noexcept {
    if (state_ == state::waiting) drop_output(); // the peer does not hear it
    state_ = state::closing;
    early_.clear();
    early_bytes_ = 0;
}

void session::tick(time_us now) {
    count_timeouts(now);
    if (now < next_tick_) return;
    if (state_ == state::waiting) return peer_listens(now);
    if (state_ == state::open) keep_alive(now);
}

time_us session::deadline() const noexcept {
    return std::min(state_ == state::closing ? never : next_tick_, acks_.deadline());
}

void session::keep_alive(time_us now) {
    next_tick_ += options_.keepalive;
    if (next_tick_ <= now) {
        // The machine slept: no burst of ticks, and what the peer said meanwhile may lie unread.
        next_tick_ = now + options_.keepalive;
        excuse_silence();
    }
    announce_statistics();
    if (state_ != state::open) return;
    if (ping_unanswered_) return want_close(cryo_close::client_error, "No sign of life after a ping.");
    ping_unanswered_ = true;
    ping();
}

void session::announce_statistics() {
    const double rtt = counters_.rtt_ms.load();
    if (rtt >= 0) events_.on_statistic(statistic::rtt, rtt);
    events_.on_statistic(statistic::bytes_rx, static_cast<double>(counters_.bytes_rx.load()));
    events_.on_statistic(statistic::bytes_tx, static_cast<double>(counters_.bytes_tx.load()));
    events_.on_statistic(statistic::ack_timeout, std::exchange(unannounced_timeouts_, 0));
}

void session::count_timeouts(time_us now) noexcept {
    const std::uint32_t expired = acks_.expire(now);
    unannounced_timeouts_ += expired;
    counters_.ack_timeouts.add(expired);
}

void session::sample_round_trip(time_us elapsed) noexcept {
    constexpr double alpha = 0.2;
    const double sample = static_cast<double>(elapsed) / 1000.0;
    const double average = counters_.rtt_ms.load();
    counters_.rtt_ms.store(average < 0 ? sample : average + alpha * (sample - average));
}

void session::drop_output() noexcept {
    queue_.clear();
    publish_queue();
}

std::size_t session::next_frame_size() const noexcept {
    if (state_ == state::waiting) return 0;
    if (const control_frame *control = queue_.next_control())
        return codec::header_size + payload_text(control->kind).size();
    if (const data_frame *data = queue_.next_data()) return codec::header_size + data->payload.size();
    return 0;
}

void session::take_frame(std::uint8_t *out, time_us now) noexcept {
    counters_.bytes_tx.add(next_frame_size());
    if (queue_.next_control() != nullptr)
        take_control(out);
    else
        take_data(out, now);
}

void session::take_control(std::uint8_t *out) noexcept {
    const control_frame control = *queue_.next_control();
    queue_.pop_control();
    const bool own = control.kind == control_kind::ping;
    codec::write_frame(out, {sid_, own ? next_number_++ : control.number, frame_type_of(control.kind),
                             as_bytes(payload_text(control.kind))});
}

void session::take_data(std::uint8_t *out, time_us now) noexcept {
    const data_frame data = queue_.pop_data();
    const std::uint32_t number = next_number_++;
    codec::write_frame(out, {sid_, number, data.type, data.payload.view()});
    acks_.sent(number, now);
}

void session::flushed() noexcept {
    queue_.flushed();
    publish_queue();
}

void session::publish_queue() noexcept {
    counters_.pending_bytes.store(queue_.pending_bytes());
    counters_.queued_count.store(queue_.queued_count());
    counters_.held.store(queue_.held());
}

} // namespace cryo_core
