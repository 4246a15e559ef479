#include "session/session.h"

#include "base/utf8.h"
#include "codec/encode.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cryo_core {

using codec::frame_type;

session::session(const uuid &sid, const session_options &options, session_counters &counters,
                 session_events &events, time_us now, cale::role self)
    : sid_(sid), options_(options), counters_(counters), events_(events), queue_(options_),
      acks_(options.ack_timeout),
      security_(options.cale.on ? std::make_unique<security>(self, options.cale) : nullptr),
      next_tick_(now + options.hello_wait), self_(self) {
    if (options.keep_unacknowledged)
        unacknowledged_ =
            std::make_unique<unacknowledged>(options.high_water_mark + options.max_queued_bytes);
}

void session::peer_listens(time_us now) {
    if (state_ != state::waiting) return;
    if (!security_) {
        auto early = take_early(); // first: the session is not congested by it when it is announced
        become_open(now);
        return hear(std::move(early), now);
    }
    state_ = state::securing;
    next_tick_ = now + options_.cale.timeout;
    if (hears()) hear(take_early(), now);
    if (state_ == state::securing) events_.on_computation(security_->key_pair_job());
}

void session::become_open(time_us now) {
    state_ = state::open;
    next_tick_ = now + options_.keepalive;
    events_.on_open();
}

std::vector<byte_buffer> session::take_early() noexcept {
    early_bytes_ = 0;
    return std::exchange(early_, {});
}

void session::hear(std::vector<byte_buffer> early, time_us now) {
    for (byte_buffer &message : early) {
        if (state_ == state::closing) return;
        receive_message(message.span(), now);
    }
}

void session::receive(bytes_mut message, time_us now) {
    counters_.bytes_rx.add(message.size());
    if (hears()) return receive_message(message, now);
    early_.emplace_back().append(message);
    early_bytes_ += message.size() + sizeof(byte_buffer);
}

void session::receive_message(bytes_mut message, time_us now) {
    if (!security_) return receive_frame(message, now);
    if (security_->secure()) return receive_sealed(message, now);
    receive_in_handshake(message, now);
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
        if (unacknowledged_) unacknowledged_->acknowledged(frame.number);
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
    case frame_type::server_hello:
    case frame_type::client_hello:
    case frame_type::handshake_done:
        return receive_handshake_frame(frame);
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

// While a handshake goes on, the answer waits for its end.
void session::violation(std::uint32_t number) {
    if (state_ == state::closing) return;
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
    if (state_ != state::open && state_ != state::closing) drop_output(); // the peer must not hear it
    state_ = state::closing;
    early_.clear();
    early_bytes_ = 0;
}

void session::tick(time_us now) {
    count_timeouts(now);
    if (now < next_tick_) return;
    if (state_ == state::waiting) return peer_listens(now);
    if (state_ == state::securing)
        return want_close(cryo_close::cale_handshake, "CALE handshake failed: it took too long.");
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
    if (ping_unanswered_) // the one who is silent is at fault
        return want_close(self_ == cale::role::server ? cryo_close::client_error : cryo_close::server_error,
                          "No sign of life after a ping.");
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
    if (security_) security_->drop_plain();
    publish_queue();
}

std::size_t session::next_frame_size() const noexcept {
    if (security_) {
        if (const auto *plain = security_->next_plain()) return codec::header_size + plain->payload.size();
        if (!security_->secure()) return 0;
    }
    if (state_ == state::waiting) return 0;
    const std::size_t overhead = security_ ? cale::record_overhead : 0;
    if (const control_frame *control = queue_.next_control())
        return codec::header_size + payload_text(control->kind).size() + overhead;
    if (const data_frame *data = queue_.next_data())
        return codec::header_size + data->payload.size() + overhead;
    return 0;
}

bool session::take_frame(std::uint8_t *out, time_us now) noexcept {
    counters_.bytes_tx.add(next_frame_size());
    if (security_ && security_->next_plain() != nullptr) {
        take_plain(out);
        return true;
    }
    std::uint8_t *const frame = security_ ? out + cale::iv_size : out;
    const std::size_t size = queue_.next_control() != nullptr ? take_control(frame) : take_data(frame, now);
    return !security_ || seal(out, size);
}

void session::take_plain(std::uint8_t *out) noexcept {
    const cale::handshake_frame &plain = *security_->next_plain();
    codec::write_frame(out, {sid_, plain.number, plain.type, plain.payload});
    security_->pop_plain();
}

std::size_t session::take_control(std::uint8_t *out) noexcept {
    const control_frame control = *queue_.next_control();
    queue_.pop_control();
    const bool own = control.kind == control_kind::ping;
    return codec::write_frame(out, {sid_, own ? next_number_++ : control.number, frame_type_of(control.kind),
                                    as_bytes(payload_text(control.kind))});
}

std::size_t session::take_data(std::uint8_t *out, time_us now) noexcept {
    const data_frame data = queue_.pop_data();
    const std::uint32_t number = next_number_++;
    acks_.sent(number, now);
    if (unacknowledged_) unacknowledged_->sent(number, data);
    return codec::write_frame(out, {sid_, number, data.type, data.payload.view()});
}

std::vector<data_frame> session::take_unsent() {
    std::vector<data_frame> all;
    if (unacknowledged_) all = unacknowledged_->take();
    std::vector<data_frame> waiting = queue_.take_data();
    all.insert(all.end(), std::make_move_iterator(waiting.begin()), std::make_move_iterator(waiting.end()));
    publish_queue();
    return all;
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
