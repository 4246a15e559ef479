#include "server/connection.h"

#include "base/log.h"
#include "server/handshake.h"
#include "server/kept_session.h"
#include "server/service.h"
#include "ws/build.h"

#include <algorithm>

namespace cryo_core {

connection::connection(service &home, net::link &link, bool over_address_limit, bool counted)
    : service_(home), link_(link), due_(home.loop()->now() + home.options().head_timeout),
      over_address_limit_(over_address_limit), uncounted_(!counted),
      parser_({.max_fragments = home.options().max_fragments, .max_message = home.options().max_message}),
      handshake_(std::make_unique<handshake>(home.options().max_head)) {
    rearm();
}

connection::~connection() {
    service_.loop()->cancel(*this);
}

// What the library's own code may throw: memory or another resource of the system ran out.
void connection::out_of_memory() noexcept {
    log(log_level::error, "Memory ran out; a connection is closed.");
    if (phase_ != phase::established) return drop();
    start_close(cryo_close::server_error, "Out of memory.");
    rearm();
}

// --- bytes ----------------------------------------------------------------------------------------------

void connection::on_read(bytes_mut data) {
    // Those of another thread come with the acknowledgements, in a turn of their own.
    const bool later = service_.observer().answers_later();
    const std::uint64_t told = service_.counters().messages_in.load();
    const outbox::turn answers(outbox_, link_, !later);
    guarded([&] {
        switch (phase_) {
        case phase::head:
            read_head(data);
            break;
        case phase::validating:
        case phase::waiting:
            keep(data);
            break;
        case phase::established:
        case phase::closing:
            read_frames(data);
            break;
        case phase::finishing:
        case phase::finished:
            break;
        }
        if (!link_.flush_requested()) rearm();
        if (later && service_.counters().messages_in.load() != told && !service_.observer().congested() &&
            session_ && !session_->congested())
            service_.loop()->expect_answers();
    });
}

void connection::read_frames(bytes_mut data) {
    if (probe_ && has_shown_life(true)) keep_id();
    const time_us now = read_at_ = service_.loop()->now();
    const ws::parse_result result = parser_.feed_as<ws::role::server>(data, *this);
    if (result.state == ws::parse_result::state::failed) {
        unintelligible_ = true;
        if (phase_ == phase::established) session_->hear_early(now); // what made sense counts
        if (phase_ == phase::established) breach(result.close_code, result.what);
        start_close(result.close_code, result.what);
    }
    if (phase_ == phase::established) watch_message(now);
    link_.request_flush();
    if (!link_.flush_requested()) update_reading(); // else on_flush does, and looks at the time as well
}

void connection::watch_message(time_us now) noexcept {
    if (!parser_.in_message()) {
        due_ = never;
        return;
    }
    const std::size_t size = parser_.message_size();
    if (due_ == never)
        due_ = message_due(now);
    else if (size > message_seen_)
        due_ = std::min(message_due(now), due_ + time_bought(size - message_seen_));
    message_seen_ = size;
    session_->excuse_silence(); // a long message on a slow line is life; its time-out bounds it
}

time_us connection::message_due(time_us since) const noexcept {
    return since + service_.options().message_timeout;
}

// By progress of a message, so that one at the least rate may go on for ever.
time_us connection::time_bought(std::size_t bytes) const noexcept {
    const std::uint32_t rate = service_.options().min_message_rate;
    if (rate == 0) return service_.options().message_timeout;
    return static_cast<time_us>(bytes) * from_ms(1000) / rate;
}

void connection::on_flush() {
    guarded([&] {
        if (phase_ == phase::finished) return;
        // The session's counters lie in what the application may have let go of with the last event.
        session *const from = control_ && session_ ? &*session_ : nullptr;
        const auto result = outbox_.flush(link_, from, service_.loop()->now());
        if (session_) count_messages();
        if (result == outbox::result::broken) return; // on_gone follows
        if (look_ == never && phase_ == phase::established)
            look_ =
                delivery_watch::next_look(service_.loop()->now(), service_.options().session.stall_timeout);
        if (from != nullptr) from->tell_flow();
        if (result == outbox::result::drained) {
            if (phase_ == phase::closing) {
                go_on_closing();
            } else if (phase_ == phase::finishing) {
                phase_ = phase::finished;
                return link_.finish();
            }
        }
        update_reading();
        rearm();
    });
}

void connection::on_gone() noexcept {
    if (phase_ == phase::closing)
        end_session(close_code_, control_->reason());
    else if (!keep_session(ws::close_code::abnormal, "")) {
        guarded([&] { tell_what_is_held(); });
        end_session(ws::close_code::abnormal, "");
    }
    service_.remove(*this);
    delete this;
}

void connection::update_reading() {
    if (phase_ != phase::established && phase_ != phase::closing) return;
    const bool ours =
        phase_ == phase::established && (service_.observer().congested() || session_->hooks_are_full());
    const bool pause = ours || session_->congested() || outbox_.loose_bytes() > max_pong_backlog;
    if (ours) unread_by_us_ = true;
    if (pause != reading_paused_) {
        reading_paused_ = pause;
        pause ? link_.pause_read() : link_.resume_read();
    }
    if (pause || !unread_by_us_) return;
    excuse_peer();
    unread_by_us_ = false;
}

// While the application is slow, a peer is neither silent nor dawdling: it is not heard.
void connection::excuse_peer() noexcept {
    if (!unread_by_us_) return;
    session_->excuse_silence();
    if (phase_ == phase::established && due_ != never) due_ = message_due(service_.loop()->now());
}

void connection::resume_reading() {
    guarded([&] { update_reading(); });
}

// --- WebSocket ------------------------------------------------------------------------------------------

bool connection::on_message(ws::opcode, bytes_mut payload) {
    if (phase_ == phase::established) due_ = never;
    session_->receive(payload, read_at_);
    return phase_ == phase::established || phase_ == phase::closing;
}

bool connection::on_ping(bytes_view payload) {
    if (phase_ != phase::established) return true;
    std::uint8_t pong[ws::max_control_frame_size];
    outbox_.append({pong, ws::write_control(pong, ws::opcode::pong, payload)});
    return true;
}

bool connection::on_pong(bytes_view payload) {
    if (as_text(payload) == upgrade_ping_payload) session_->peer_listens(service_.loop()->now());
    return phase_ == phase::established || phase_ == phase::closing;
}

// --- time -----------------------------------------------------------------------------------------------

void connection::on_deadline(time_us now) {
    guarded([&] {
        switch (phase_) {
        case phase::established:
            excuse_peer();
            session_->tick(now);
            if (phase_ == phase::finished) break; // the session goes on without this connection
            if (expires_ && now >= control_->expiry())
                start_close(cryo_close::client_error, cryo_close::expired);
            if (now >= due_ && reading_paused_)
                due_ = message_due(now); // by us; a peer that does not read is bounded otherwise
            if (now >= due_) {
                session_->hear_early(now);
                static constexpr std::string_view reason = "A message was not finished in time.";
                // More often than a slow client this is a connection that is lost in the middle of one.
                breach(ws::close_code::policy_violation, reason);
                if (lose(ws::close_code::policy_violation, reason)) break;
                start_close(ws::close_code::policy_violation, reason);
            }
            if (now >= look_) look_at_flow(now);
            if (phase_ == phase::finished) break;
            if (session_->peer_is_silent()) part();
            link_.request_flush();
            break;
        case phase::closing:
            if (now < due_) {
                session_->tick(now);
                break;
            }
            end_session(close_code_, control_->reason());
            drop();
            break;
        case phase::head:
            if (now >= due_) head_came_to_nothing();
            break;
        case phase::validating:
            if (now < due_) break;
            if (control_->expire())
                refuse(401, "The token could not be validated in time.");
            else
                decide(); // the verdict came in this very moment; if it is being given, its mail follows
            break;
        case phase::waiting:
            if (now >= due_) wait_in_vain(now);
            break;
        case phase::finishing:
            if (now >= due_) drop();
            break;
        case phase::finished:
            break;
        }
        rearm();
    });
}

time_us connection::wanted_deadline() const noexcept {
    switch (phase_) {
    case phase::established:
        return std::min({session_->deadline(), due_, look_, expires_ ? control_->expiry() : never});
    case phase::closing:
        return std::min({session_->deadline(), due_, look_});
    case phase::head:
    case phase::validating:
    case phase::waiting:
    case phase::finishing:
        return due_;
    case phase::finished:
        break;
    }
    return never;
}

// A timer that fires too early costs a look; moving it with every message would cost more.
void connection::rearm() {
    const time_us wanted = wanted_deadline();
    if (wanted == never || (armed() && deadline() <= wanted)) return;
    service_.loop()->set_deadline(*this, wanted);
}

} // namespace cryo_core
