// A connection whose peer is not there any more, or may not be, and what becomes of its session.
#include "server/connection.h"

#include "server/handshake.h"
#include "server/kept_session.h"
#include "server/service.h"
#include "ws/build.h"

#include <utility>

namespace cryo_core {

namespace {

// Bytes in front of a ping that hold it up by nothing that matters.
constexpr std::uint64_t little_in_front = 64 * 1024;
constexpr std::uint64_t never_taken = UINT64_MAX;

} // namespace

// A newcomer has its id and its token: if the peer of this one does not hear the ping, it has gone. Behind
// much else the ping may not be there in time; then it counts that the peer takes that.
void connection::on_probe() {
    guarded([&] {
        if (phase_ != phase::established || probe_) return;
        const net::delivery before = delivery();
        probe_ = std::make_unique<probe>(
            probe{.taken = before.waiting > little_in_front ? before.taken : never_taken,
                  .received = link_.received()});
        std::uint8_t ping[2];
        outbox_.append({ping, ws::write_control(ping, ws::opcode::ping, {})});
        link_.request_flush();
    });
}

// Any byte counts that was not here before the ping: what a peer said before it was lost may be unread yet.
bool connection::has_shown_life(bool just_read) const noexcept {
    return link_.has_received_since(probe_->received, just_read);
}

void connection::keep_id() {
    probe_.reset();
    service_.shared().sids.keep(control_->facts().sid(), *control_);
}

void connection::on_rival(bool if_silent) {
    guarded([&] {
        if (phase_ == phase::closing) return end_closing();
        if (phase_ != phase::established || (if_silent && !probe_)) return;
        if (if_silent && (has_shown_life(false) || delivery().taken > probe_->taken)) return keep_id();
        static constexpr std::string_view reason = "Taken over.";
        if (keep_session(cryo_close::graceful, reason)) {
            append_close_frame(cryo_close::graceful, reason);
            finish();
        } else {
            start_close(cryo_close::graceful, reason);
            end_closing();
        }
        rearm();
    });
}

// Nothing is awaited of a peer that says nothing, or takes nothing: what its link takes of what there is to
// say leaves, the close behind it, and the session has ended.
void connection::part() {
    if (phase_ != phase::closing) return; // it has ended already
    const time_us now = service_.loop()->now();
    bool said = outbox_.flush(link_, &*session_, now) == outbox::result::drained;
    if (said) {
        send_close_frame();
        said = outbox_.flush(link_, nullptr, now) == outbox::result::drained;
    }
    end_session(close_code_, control_->reason());
    leave(said);
}

// The same where the session goes on without this connection. False: it does not.
bool connection::lose(std::uint16_t code, std::string_view reason) {
    if (!keep_session(code, reason)) return false;
    append_close_frame(code, reason);
    leave(outbox_.flush(link_, nullptr, service_.loop()->now()) == outbox::result::drained);
    return true;
}

void connection::leave(bool said) noexcept {
    phase_ = phase::finished;
    if (said && link_.delivery().waiting <= max_left_behind)
        link_.leave();
    else
        link_.abort();
}

// Whatever a peer says: if it takes nothing of what it is sent, that waits for ever.
void connection::look_at_flow(time_us now) {
    const time_us timeout = service_.options().session.stall_timeout;
    const auto flow = watch_.look(delivery(), session_->next_frame_size() > 0, now, timeout);
    look_ = flow == delivery_watch::flow::nothing_waits ? never : delivery_watch::next_look(now, timeout);
    if (flow != delivery_watch::flow::stands_still) return;
    if (lose(cryo_close::client_error, stalled_reason)) return;
    start_close(cryo_close::client_error, stalled_reason);
    part();
}

// What goes on without this connection. False: it is over.
bool connection::keep_session(std::uint16_t code, std::string_view reason) noexcept {
    service_context &shared = service_.shared();
    const server_options &options = service_.options();
    if (options.resume_window == 0 || !announced_ || phase_ != phase::established || shared.draining)
        return false;
    try {
        const auto sid = control_->facts().sid();
        std::string why(reason);
        if (!kept_) {
            address_entry counted;
            const std::uint32_t limit =
                service_.is_counted(link_.remote()) ? options.max_sessions_per_address : 0;
            if (!counted.enter(shared.away_addresses, link_.remote_key(), limit) ||
                !shared.sids.go_away(sid, *control_, options.max_away_sessions))
                return false;
            kept_ = std::make_unique<kept_session>(control_, *session_,
                                                   service_.loop()->now() + options.resume_window);
            kept_->just_lost = true;
            kept_->counted = std::move(counted);
        }
        kept_->code = code;
        kept_->reason = std::move(why);
    } catch (...) {
        return false;
    }
    control_->set_away(true);
    control_->set_secure(false);
    control_->drop_computations();
    count_messages();
    session_->end(); // what it no longer knows the frame of
    control_ = nullptr;
    announced_ = false;
    service_.keep(std::move(kept_));
    return true;
}

} // namespace cryo_core
