// A session's messages from the application's send to the frame that leaves.
#include "session/session.h"

#include "codec/encode.h"
#include "session/byte_budget.h"

#include <utility>

namespace cryo_core {

status session::send(data_frame &&frame, time_us now) {
    if (state_ == state::closing) return status::closed;
    const bool asks = hooks_concern(hook_direction::before_send, frame.kind());
    if (asks && (!hooks_have_room(frame) || queue_.refuses(frame))) return status::full;
    std::uint64_t to_free = 0;
    if (!charge(frame, asks, to_free)) return status::total_full;
    if (!asks) return enqueue(std::move(frame), to_free) ? status::ok : status::full;
    hooks_->sending.put(std::move(frame));
    hooks_->sending.run(now);
    publish_queue();
    return status::ok;
}

// Where a frame may be written that leaves at once; for a record, if it is to be one.
std::uint8_t *session::place_for(std::size_t frame_size) noexcept {
    if (!security_) return events_.place_for(frame_size);
    if (!security_->secure() || security_->next_plain() != nullptr) return nullptr;
    return events_.place_for(frame_size + cale::record_overhead);
}

// False: it could not be sealed, and the session has asked for its close.
inline bool session::fill(std::uint8_t *place, std::uint32_t number, codec::frame_type type,
                          bytes_view payload) noexcept {
    if (security_) return fill_record(place, number, type, payload);
    counters_.bytes_tx.add(codec::write_frame(place, sid_, number, type, payload));
    return true;
}

bool session::send_at_once(message_kind kind, bytes_view payload, time_us now) {
    if (state_ != state::open || unacknowledged_ || !queue_.hands_over_at_once()) return false;
    // What the system does not take is counted when that is known: see flush_stopped.
    if (options_.total && !options_.total->has_room(codec::header_size + payload.size())) return false;
    if (hooks_concern(hook_direction::before_send, kind)) return false;
    const std::size_t size = codec::header_size + payload.size();
    std::uint8_t *const place = place_for(size);
    if (place == nullptr) return false;
    const std::uint32_t number = next_number_++;
    if (!fill(place, number, type_of(kind), payload)) return true; // accepted, and the session ends
    acks_.sent(number, now);
    queue_.count_as_leaving(size);
    counters_.pending_bytes.store(queue_.pending_bytes());
    if (queue_.held()) counters_.held.store(true); // it was not before
    return true;
}

void session::answers_at_once() noexcept {
    if (state_ == state::waiting) return;
    while (const control_frame *const next = queue_.next_control()) {
        const bytes_view payload = as_bytes(payload_text(next->kind));
        std::uint8_t *const place = place_for(codec::header_size + payload.size());
        if (place == nullptr) return;
        const control_frame control = *next;
        queue_.pop_control();
        const bool own = control.kind == control_kind::ping;
        if (own) ++pings_;
        static_cast<void>(
            fill(place, own ? next_number_++ : control.number, frame_type_of(control.kind), payload));
    }
}

// To a message: in the short way, there is one for each.
void session::acknowledge(std::uint32_t number) {
    const bool waits = security_ || queue_.next_control() != nullptr;
    std::uint8_t *const place = waits ? nullptr : events_.place_for(codec::header_size);
    if (place == nullptr) return answer({number, control_kind::ack});
    codec::write_header(place, sid_, number, codec::frame_type::ack);
    counters_.bytes_tx.add(codec::header_size);
}

// To what is received.
void session::answer(control_frame frame) {
    const bytes_view payload = as_bytes(payload_text(frame.kind));
    std::uint8_t *const place =
        queue_.next_control() == nullptr ? place_for(codec::header_size + payload.size()) : nullptr;
    if (place == nullptr) return queue_.push_control(frame);
    static_cast<void>(fill(place, frame.number, frame_type_of(frame.kind), payload));
}

bool session::send_accepted(data_frame &&frame, time_us now, bool measured) {
    try {
        return take_in(std::move(frame), now, measured);
    } catch (...) {
        close_receipt(frame);
        throw;
    }
}

// If it throws, `frame` is as it was.
bool session::take_in(data_frame &&frame, time_us now, bool measured) {
    const bool asks = hooks_concern(hook_direction::before_send, frame.kind());
    if (asks && !hooks_have_room(frame)) {
        tell_dropped(std::move(frame), drop_reason::refused);
        return false;
    }
    std::uint64_t to_free = 0;
    if (!charge(frame, asks, to_free)) {
        tell_dropped(std::move(frame), drop_reason::total);
        return false;
    }
    if (!asks) {
        if (!measured || options_.policy != drop_policy::drop_newest)
            return enqueue_or_tell(std::move(frame), to_free);
        queue_.push_accepted(std::move(frame));
        publish_queue();
        return true;
    }
    hooks_->sending.put(std::move(frame));
    hooks_->sending.run(now);
    publish_queue();
    return true;
}

// Where all sessions together hold as much as they may, the latest still takes the place of what it replaces,
// or of what else `to_free` bytes of its own queue hold.
bool session::charge(const data_frame &frame, bool asks, std::uint64_t &to_free) noexcept {
    if (!options_.total) return true;
    if (!options_.total->reserve(frame.size())) {
        to_free = options_.total->lacking(frame.size());
        if (asks || telling_drops_ || !queue_.can_free(frame, to_free)) return false;
        options_.total->add(frame.size());
    }
    charged_bytes_ += frame.size();
    return true;
}

// False: it is refused, and is as it was.
bool session::enqueue(data_frame &&frame, std::uint64_t to_free) {
    bool taken = false;
    try {
        taken = queue_.push_data(std::move(frame), !telling_drops_, to_free);
    } catch (...) {
        tell_drops(); // what has gone has gone
        publish_queue();
        throw;
    }
    publish_queue();
    if (queue_.any_dropped()) tell_drops();
    return taken;
}

bool session::enqueue_or_tell(data_frame &&frame, std::uint64_t to_free) {
    if (enqueue(std::move(frame), to_free)) return true;
    tell_dropped(std::move(frame), drop_reason::refused); // NOLINT(bugprone-use-after-move): it is as it was
    return false;
}

void session::tell_drops() {
    if (telling_drops_) return;
    while (queue_.any_dropped()) {
        dropped_frame gone = queue_.take_dropped();
        tell_dropped(std::move(gone.frame), gone.reason);
    }
}

void session::tell_dropped(data_frame &&frame, drop_reason reason) {
    const data_frame gone = std::move(frame);
    const bool nested = telling_drops_;
    telling_drops_ = true;
    events_.on_dropped(gone, reason);
    if (gone.receipt != 0) events_.on_receipt(gone.receipt, receipt_outcome::dropped, -1, name_of(reason));
    telling_drops_ = nested;
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
    if (security_ && security_->next_plain() != nullptr) {
        counters_.bytes_tx.add(take_plain(out));
        return true;
    }
    std::uint8_t *const frame = security_ ? out + cale::iv_size : out;
    const std::size_t size = queue_.next_control() != nullptr ? take_control(frame) : take_data(frame, now);
    counters_.bytes_tx.add(size + (security_ ? cale::record_overhead : 0));
    return !security_ || seal(out, size);
}

std::size_t session::take_plain(std::uint8_t *out) noexcept {
    const cale::handshake_frame &plain = *security_->next_plain();
    const std::size_t size = codec::write_frame(out, {sid_, plain.number, plain.type, plain.payload});
    security_->pop_plain();
    return size;
}

std::size_t session::take_control(std::uint8_t *out) noexcept {
    const control_frame control = *queue_.next_control();
    queue_.pop_control();
    const bool own = control.kind == control_kind::ping;
    if (own) ++pings_;
    return codec::write_frame(out, {sid_, own ? next_number_++ : control.number, frame_type_of(control.kind),
                                    as_bytes(payload_text(control.kind))});
}

std::size_t session::take_data(std::uint8_t *out, time_us now) noexcept {
    std::uint32_t number = 0;
    const data_frame data = take_numbered(number, now);
    return codec::write_frame(out, {sid_, number, data.type, data.payload.view()});
}

bool session::may_leave_in_two() const noexcept {
    return !security_ && state_ != state::waiting && queue_.next_control() == nullptr &&
           queue_.next_data() != nullptr;
}

shared_bytes session::take_head(std::uint8_t *out, time_us now) noexcept {
    std::uint32_t number = 0;
    data_frame data = take_numbered(number, now);
    codec::write_header(out, sid_, number, data.type);
    counters_.bytes_tx.add(data.size());
    return std::move(data.payload);
}

data_frame session::take_numbered(std::uint32_t &number, time_us now) noexcept {
    data_frame data = queue_.pop_data();
    number = next_number_++;
    acks_.sent(number, now);
    if (unacknowledged_) unacknowledged_->sent(number, data);
    if (data.receipt != 0 && !receipts_.sent(number, data.receipt, now)) {
        close_receipt(data);
        want_close(self_ == cale::role::server ? cryo_close::server_error : cryo_close::client_error,
                   "Out of memory.");
    }
    return data;
}

void session::flushed() {
    flows_again_ = queue_.flushed() || flows_again_;
    publish_queue();
    if (security_ && security_->secure() && security_->channel()->rekey_due()) want_rekey();
}

void session::flush_stopped() noexcept {
    if (options_.total && queue_.pending_bytes() != charged_bytes_) publish_queue();
}

void session::tell_flow() {
    if (!flows_again_ || queue_.held() || state_ != state::open) return;
    flows_again_ = false;
    events_.on_writable();
}

void session::publish_queue() noexcept {
    const std::uint64_t pending = queue_.pending_bytes() + (hooks_ ? hooks_->sending.bytes() : 0);
    counters_.pending_bytes.store(pending);
    counters_.pending_count.store(queue_.pending_count() + (hooks_ ? hooks_->sending.count() : 0));
    counters_.queued_count.store(queue_.queued_count());
    counters_.held.store(queue_.held());
    if (!options_.total || pending == charged_bytes_) return;
    // An extension may have made a message longer.
    if (pending > charged_bytes_) options_.total->add(pending - charged_bytes_);
    if (pending < charged_bytes_) options_.total->release(charged_bytes_ - pending);
    charged_bytes_ = pending;
}

} // namespace cryo_core
