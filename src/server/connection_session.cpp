// A connection between its session, the application that is told of it, and what that sends.
#include "server/connection.h"

#include "server/kept_session.h"
#include "server/service.h"

namespace cryo_core {

void connection::on_open() {
    control_->set_secure(session_->secure());
    if (kept_) return go_on();
    announced_ = true;
    service_.counters().sessions.add(1);
    control_->set_open(true);
    service_.shared().sids.announce(control_->facts().sid(), *control_);
    service_.observer().on_session(control_);
    update_reading();
    link_.request_flush();
}

// The session of a former connection.
void connection::go_on() {
    const auto kept = std::move(kept_);
    service_.counters().resumed.add(1);
    control_->set_away(false);
    if (control_->paused()) session_->hold_received(true);
    service_.shared().sids.come_back(control_->facts().sid(), *control_);
    data_frame frame{};
    try {
        while (kept->messages.take(frame))
            session_->send_again(std::move(frame));
    } catch (...) {
        if (frame.receipt != 0) on_receipt(frame.receipt, receipt_outcome::closed, -1, {});
        kept->drop(service_.observer());
        throw;
    }
    session_->hooks_settled(service_.loop()->now());
    service_.observer().on_reconnected(*control_);
    for (data_frame &one : kept->undelivered)
        session_->deliver_again(std::move(one), service_.loop()->now());
    update_reading();
    link_.request_flush();
}

void connection::on_message(message_kind kind, bytes_view data) {
    service_.counters().messages_in.add(1);
    if (!service_.options().session.manual_ack) return service_.observer().on_message(*control_, kind, data);
    const auto who = control_; // it may be let go of inside
    who->set_told(session_->told_number());
    service_.observer().on_message(*who, kind, data);
    who->set_none_told();
}

void connection::on_pause() {
    guarded([&] {
        if (phase_ != phase::established || kept_) return;
        session_->hold_received(control_->paused());
        if (!control_->paused()) session_->hooks_settled(service_.loop()->now());
        update_reading();
        link_.request_flush();
        rearm();
    });
}

void connection::on_handled(std::uint32_t number) {
    guarded([&] {
        if (phase_ != phase::established || kept_) return;
        if (session_->handled(number)) control_->settle_hooks_later();
        update_reading();
        link_.request_flush();
        rearm();
    });
}

// Nothing comes any more, and nobody could ask for it later: who has it acknowledged may count on it.
void connection::tell_what_is_held() {
    if (!control_ || !control_->paused() || !session_ || !session_->open()) return;
    session_->hold_received(false);
    session_->hooks_settled(service_.loop()->now());
}

void connection::on_statistic(statistic which, double value) {
    service_.observer().on_statistic(*control_, which, value);
}

void connection::on_close_wanted(std::uint16_t code, std::string_view reason) {
    breach(code, reason);
    // One that is being resumed waits on, whatever becomes of this connection before it is open.
    if ((session_->peer_is_silent() || kept_) && lose(code, reason)) return;
    start_close(code, reason);
}

net::delivery connection::delivery() const noexcept {
    net::delivery all = link_.delivery();
    all.waiting += outbox_.waiting();
    return all;
}

void connection::on_keep_alive() {
    watch_.ping_leaves(delivery(), service_.loop()->now());
}

// Nobody answers who is not read from, unless that is by his own fault.
bool connection::ping_under_way() noexcept {
    return (reading_paused_ && session_->hooks_are_full()) ||
           watch_.ping_under_way(delivery(), service_.loop()->now());
}

void connection::on_computation(cale_job job) {
    service_context &shared = service_.shared();
    if (!job.slow())
        job.run();
    else if (!shared.key_pairs->settle(job, shared.workers))
        return control_->compute(shared.workers, std::move(job));
    session_->computed(std::move(job), service_.loop()->now());
}

void connection::on_computed(cale_job done) {
    guarded([&] {
        if (phase_ != phase::established) return;
        session_->computed(std::move(done), service_.loop()->now());
        link_.request_flush();
        rearm();
    });
}

void connection::on_dropped(const data_frame &frame, drop_reason reason) {
    control_->count_drop(reason);
    service_.observer().on_dropped(*control_, frame, reason);
}

void connection::on_writable() {
    service_.observer().on_writable(*control_);
}

void connection::on_receipt(std::uint64_t receipt, receipt_outcome outcome, double round_trip_ms,
                            std::string_view by) {
    control_->tell_receipt(service_.observer(), receipt, outcome, round_trip_ms, by);
}

status connection::send(data_frame &&frame) {
    if (kept_) return kept_->send(service_.observer(), std::move(frame));
    const status outcome = session_->send(std::move(frame), service_.loop()->now());
    if (outcome != status::ok) return outcome;
    link_.request_flush();
    if (session_->sends_wait()) rearm();
    return status::ok;
}

// Nothing leaves at once but what is sent while something is read.
bool connection::send_at_once(message_kind kind, bytes_view data) {
    return !kept_ && session_->send_at_once(kind, data, read_at_);
}

// Also while closing: a message that was accepted before the close leaves before it.
void connection::send_accepted(data_frame &&frame) noexcept {
    if (service_.shared().mails.over()) { // or a server that is flooded would not come to its end
        if (frame.receipt != 0) on_receipt(frame.receipt, receipt_outcome::closed, -1, {});
        return;
    }
    if (kept_) return guarded([&] { kept_->take_in(service_.observer(), std::move(frame)); });
    if ((phase_ != phase::established && phase_ != phase::closing) || close_frame_sent_) {
        if (frame.receipt != 0) on_receipt(frame.receipt, receipt_outcome::closed, -1, {});
        return;
    }
    guarded([&] { take_in(std::move(frame), true); });
}

// What is long enough to be worth a write of its own is written down as what the application sends inside of
// its callback is, behind the acknowledgements of what it answers.
void connection::send_run(std::span<const posted_message> messages) noexcept {
    constexpr std::size_t worth_a_write = 4;
    const bool plain = phase_ == phase::established && !kept_ && !service_.shared().mails.over();
    guarded([&] {
        if (!plain) {
            for (const posted_message &one : messages)
                send_accepted(make_frame(one.kind, shared_bytes::copy(one.data)));
            return;
        }
        const time_us now = service_.loop()->now();
        {
            const outbox::turn run(outbox_, link_, messages.size() >= worth_a_write);
            if (messages.size() >= worth_a_write) session_->answers_at_once();
            for (const posted_message &one : messages) {
                if (phase_ == phase::established && session_->send_at_once(one.kind, one.data, now)) continue;
                send_accepted(make_frame(one.kind, shared_bytes::copy(one.data)));
            }
        }
        if (messages.size() >= worth_a_write) link_.flush_at_once();
    });
}

bool connection::offer(data_frame &&frame) {
    return take_in(std::move(frame), false);
}

bool connection::take_in(data_frame &&frame, bool measured) {
    if (kept_) return kept_->take_in(service_.observer(), std::move(frame));
    const bool taken = session_->send_accepted(std::move(frame), service_.loop()->now(), measured);
    link_.request_flush();
    if (session_->sends_wait()) rearm();
    return taken;
}

void connection::on_hooks_settled() noexcept {
    guarded([&] {
        if (phase_ != phase::established && phase_ != phase::closing) return;
        session_->hooks_settled(service_.loop()->now());
        update_reading();
        link_.request_flush();
        rearm();
    });
}

void connection::ping() {
    guarded([&] {
        if (phase_ != phase::established) return;
        session_->ping();
        link_.request_flush();
    });
}

} // namespace cryo_core
