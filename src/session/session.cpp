#include "session/session.h"

#include "base/utf8.h"
#include "session/byte_budget.h"

#include <algorithm>
#include <utility>

namespace cryo_core {

using codec::decode_error;
using codec::frame_type;

session::session(const uuid &sid, const surroundings &at, time_us now, cale::role self)
    : sid_(sid), options_(at.options), counters_(at.counters), events_(at.events), extensions_(at.extensions),
      queue_(options_), self_(self),
      security_(options_.cale.on ? std::make_unique<security>(self, options_.cale) : nullptr),
      next_tick_(now + options_.hello_wait), next_number_(at.numbers.next), received_(at.numbers.received) {
    if (options_.manual_ack) unhandled_ = std::make_unique<unhandled>();
    if (options_.keep_unacknowledged)
        unacknowledged_ =
            std::make_unique<unacknowledged>(options_.high_water_mark + options_.max_queued_bytes);
}

session::~session() {
    if (options_.total) options_.total->release(charged_bytes_);
}

void session::peer_listens(time_us now) {
    if (state_ != state::waiting) return;
    if (!security_) {
        auto early = std::move(early_); // first: the session is not congested by it when it is announced
        become_open(now);
        return hear(std::move(early), now);
    }
    state_ = state::securing;
    next_tick_ = now + options_.cale.timeout;
    if (hears()) hear(std::move(early_), now);
    if (state_ == state::securing) events_.on_computation(security_->key_pair_job());
}

void session::become_open(time_us now) {
    state_ = state::open;
    next_tick_ = now + options_.keepalive;
    events_.on_open();
}

void session::hear(std::unique_ptr<early_messages> early, time_us now) {
    if (!early) return;
    for (byte_buffer &message : early->all) {
        if (state_ == state::closing) return;
        receive_message(message.span(), now);
    }
}

void session::receive_frame(bytes_view message, time_us now) {
    if (!codec::is_ordinary(message) || !codec::has_sid(message, sid_)) return receive_rare(message);
    ping_unanswered_ = false;
    const auto number = load_be<std::uint32_t>(message.data() + codec::number_offset);
    const auto type = static_cast<frame_type>(message[codec::type_offset]);
    if (type == frame_type::ack) return receive_ack(number, now);
    const auto kind = type == frame_type::utf8_data ? message_kind::utf8 : message_kind::binary;
    receive_data(number, message.subspan(codec::header_size), kind, now);
}

void session::receive(bytes_mut message, time_us now) {
    counters_.bytes_rx.add(message.size());
    if (!security_ && state_ != state::waiting) return receive_frame(message, now);
    receive_specially(message, now);
}

// With CALE, or too early.
void session::receive_specially(bytes_mut message, time_us now) {
    if (hears()) return receive_message(message, now);
    if (!early_) early_ = std::make_unique<early_messages>();
    early_->all.emplace_back().append(message);
    early_->bytes += message.size() + sizeof(byte_buffer);
}

void session::receive_message(bytes_mut message, time_us now) {
    if (!security_) return receive_frame(message, now);
    if (security_->secure()) return receive_sealed(message, now);
    receive_in_handshake(message, now);
}

void session::receive_rare(bytes_view message) {
    const codec::decoded decoded = codec::decode(message);
    if (decoded.error != decode_error::none || !codec::has_sid(message, sid_))
        return violation(decoded.number);
    ping_unanswered_ = false;
    const codec::frame &frame = decoded.value;
    // A peer's complaint about a frame of ours: nothing can be done about it.
    if (frame.type == frame_type::error) return;
    if (frame.type == frame_type::ping_pong) return receive_ping_pong(frame.number, frame.payload);
    receive_handshake_frame(frame.type, frame.number);
}

void session::receive_data(std::uint32_t number, bytes_view payload, message_kind kind, time_us now) {
    if (state_ != state::open) return;
    if (kind == message_kind::utf8 && !utf8_valid(payload))
        return want_close(cryo_close::invalid_payload, "A text message is not UTF-8.");
    received_ = number + 1;
    if (unhandled_) return receive_for_hand(number, payload, kind, now);
    acknowledge(number);
    if (state_ != state::open) return;
    if (hooks_concern(hook_direction::on_receive, kind)) return receive_for_hooks(payload, kind, now);
    events_.on_message(kind, payload);
}

void session::receive_for_hooks(bytes_view payload, message_kind kind, time_us now) {
    hooks_->receiving.put(make_frame(kind, shared_bytes::copy(payload)));
    hooks_->receiving.run(now);
}

void session::receive_ack(std::uint32_t number, time_us now) {
    if (!acks_.is_oldest(number) || unacknowledged_ || !receipts_.empty())
        return receive_other_ack(number, now);
    sample_round_trip(now - acks_.oldest_sent());
    acks_.pop_oldest();
}

// Out of turn, or waited for.
void session::receive_other_ack(std::uint32_t number, time_us now) {
    if (const auto elapsed = acks_.acknowledged(number, now)) sample_round_trip(*elapsed);
    if (unacknowledged_) unacknowledged_->acknowledged(number);
    if (receipts_.empty()) return;
    if (const auto got = receipts_.acknowledged(number, now))
        events_.on_receipt(got->receipt, receipt_outcome::acknowledged,
                           static_cast<double>(got->round_trip) / 1000.0, {});
}

void session::receive_ping_pong(std::uint32_t number, bytes_view payload) {
    if (state_ != state::open || as_text(payload) != codec::ping_text) return;
    received_ = number + 1;
    answer({number, control_kind::pong});
}

// While a handshake goes on, the answer waits for its end.
void session::violation(std::uint32_t number) {
    if (state_ == state::closing) return;
    events_.on_malformed();
    if (++violations_ > options_.max_violations)
        return want_close(cryo_close::client_error, cryo_close::malformed);
    queue_.push_control({number, control_kind::invalid_operation});
}

void session::want_close(std::uint16_t code, std::string_view reason) {
    if (state_ == state::closing) return;
    begin_close();
    events_.on_close_wanted(code, reason);
}

void session::ping() {
    if (state_ != state::open || queue_.control_count() >= max_control_backlog) return;
    queue_.push_control({0, control_kind::ping});
}

void session::begin_close() noexcept {
    if (state_ != state::open && state_ != state::closing) drop_output(); // the peer must not hear it
    state_ = state::closing;
    early_.reset();
    if (!unacknowledged_) drop_received(); // else it may be a loss: see take_undelivered
}

void session::tick(time_us now) {
    count_timeouts(now);
    if (hooks_) {
        hooks_->sending.tick(now);
        if (state_ != state::closing) hooks_->receiving.tick(now);
        publish_queue();
    }
    if (now < next_tick_) return;
    if (state_ == state::waiting) return peer_listens(now);
    if (state_ == state::securing) return take_step(security_->expire(), now);
    if (state_ == state::open) keep_alive(now);
}

time_us session::deadline() const noexcept {
    const time_us soonest =
        std::min({state_ == state::closing ? never : next_tick_, acks_.deadline(options_.ack_timeout),
                  receipts_.deadline(options_.ack_timeout)});
    if (!hooks_) return soonest;
    const time_us soonest_received = state_ == state::closing ? never : hooks_->receiving.deadline();
    return std::min({soonest, hooks_->sending.deadline(), soonest_received});
}

void session::keep_alive(time_us now) {
    const time_us late = now - next_tick_;
    if (late >= options_.keepalive) excuse_silence(); // the machine slept; the peer's has, perhaps, as well
    // A ping that leaves late has its interval nevertheless, and there is no burst of ticks.
    next_tick_ = (late > options_.keepalive / 16 ? now : next_tick_) + options_.keepalive;
    announce_statistics();
    if (state_ != state::open) return;
    if (ping_unanswered_) {
        if (events_.ping_under_way()) return;
        silent_ = true;
        return want_close( // the one who is silent is at fault
            self_ == cale::role::server ? cryo_close::client_error : cryo_close::server_error,
            cryo_close::silence);
    }
    ping_unanswered_ = true;
    ping();
    events_.on_keep_alive();
}

void session::announce_statistics() {
    const double rtt = counters_.rtt_ms.load();
    if (rtt >= 0) events_.on_statistic(statistic::rtt, rtt);
    events_.on_statistic(statistic::bytes_rx, static_cast<double>(counters_.bytes_rx.load()));
    events_.on_statistic(statistic::bytes_tx, static_cast<double>(counters_.bytes_tx.load()));
    events_.on_statistic(statistic::ack_timeout, std::exchange(unannounced_timeouts_, 0));
}

void session::count_timeouts(time_us now) {
    const std::uint32_t expired = acks_.expire(now, options_.ack_timeout);
    unannounced_timeouts_ += expired;
    counters_.ack_timeouts.add(expired);
    while (const std::uint64_t receipt = receipts_.expire_one(now, options_.ack_timeout))
        events_.on_receipt(receipt, receipt_outcome::timed_out, -1, {});
}

void session::sample_round_trip(time_us elapsed) noexcept {
    constexpr double alpha = 0.2;
    const double sample = static_cast<double>(elapsed) / 1000.0;
    const double average = counters_.rtt_ms.load();
    counters_.rtt_ms.store(average < 0 ? sample : average + alpha * (sample - average));
}

} // namespace cryo_core
