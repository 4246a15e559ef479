#include "server/connection.h"

#include "base/log.h"
#include "server/handshake.h"
#include "server/service.h"
#include "ws/build.h"

#include <algorithm>

namespace cryo_core {

connection::connection(service &home, net::link &link, bool over_address_limit)
    : service_(home), link_(link), handshake_(std::make_unique<handshake>()),
      parser_({.max_fragments = home.options().max_fragments, .max_message = home.options().max_message}),
      phase_deadline_(home.loop()->now() + home.options().head_timeout),
      over_address_limit_(over_address_limit) {
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
        rearm();
    });
}

void connection::read_frames(bytes_mut data) {
    const time_us now = service_.loop()->now();
    const ws::parse_result result = parser_.feed(data, *this);
    if (result.state == ws::parse_result::state::failed) {
        unintelligible_ = true;
        start_close(result.close_code, result.what);
    }
    watch_message(now);
    // A long message on a slow line is life; the time-out for messages bounds it.
    if (message_began_ != never) session_->excuse_silence();
    update_reading();
    link_.request_flush();
}

void connection::watch_message(time_us now) noexcept {
    if (!parser_.in_message())
        message_began_ = never;
    else if (message_began_ == never)
        message_began_ = now;
}

void connection::on_flush() {
    guarded([&] {
        if (phase_ == phase::finished) return;
        // The session's counters lie in what the application may have let go of with the last event.
        session *const from = control_ && session_ ? &*session_ : nullptr;
        const auto result = outbox_.flush(link_, from, service_.loop()->now());
        if (result == outbox::result::broken) return; // on_gone follows
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
        end_session(close_code_, close_reason_);
    else
        end_session(ws::close_code::abnormal, "");
    service_.remove(*this);
    delete this;
}

void connection::update_reading() {
    if (phase_ != phase::established && phase_ != phase::closing) return;
    const bool ours = phase_ == phase::established && service_.observer().congested();
    const bool pause = ours || session_->congested() || outbox_.loose_bytes() > max_pong_backlog;
    unread_by_us_ = unread_by_us_ || ours;
    if (pause != reading_paused_) {
        reading_paused_ = pause;
        pause ? link_.pause_read() : link_.resume_read();
    }
    if (pause) return;
    excuse_peer();
    unread_by_us_ = false;
}

// While the application is slow, a peer is neither silent nor dawdling: it is not heard.
void connection::excuse_peer() noexcept {
    if (!unread_by_us_) return;
    session_->excuse_silence();
    if (message_began_ != never) message_began_ = service_.loop()->now();
}

void connection::resume_reading() {
    guarded([&] { update_reading(); });
}

// --- WebSocket ------------------------------------------------------------------------------------------

bool connection::on_message(ws::opcode, bytes_mut payload) {
    message_began_ = never;
    session_->receive(payload, service_.loop()->now());
    return phase_ == phase::established || phase_ == phase::closing;
}

bool connection::on_ping(bytes_view payload) {
    if (phase_ != phase::established) return true;
    std::uint8_t pong[2 + ws::max_control_size];
    const std::size_t header = ws::write_header(pong, ws::opcode::pong, payload.size());
    std::copy(payload.begin(), payload.end(), pong + header);
    outbox_.append({pong, header + payload.size()});
    return true;
}

bool connection::on_pong(bytes_view payload) {
    if (as_text(payload) == upgrade_ping_payload) session_->peer_listens(service_.loop()->now());
    return phase_ == phase::established || phase_ == phase::closing;
}

bool connection::on_close(std::uint16_t code, std::string_view reason) {
    if (phase_ == phase::closing) {
        if (!close_frame_sent_) send_close_frame();
        end_session(close_code_, close_reason_);
    } else {
        session_->begin_close();
        remember_close(code, reason);
        send_close_frame();
        end_session(code, close_reason_);
    }
    finish();
    return false;
}

void connection::send_close_frame() {
    close_frame_sent_ = true;
    session_->drop_output(); // nothing may follow a close frame (RFC 6455 section 5.5.1)
    std::uint8_t frame[ws::max_close_frame_size];
    outbox_.append({frame, ws::write_close(frame, close_code_, close_reason_)});
}

// --- session --------------------------------------------------------------------------------------------

void connection::on_open() {
    announced_ = true;
    control_->set_open(true);
    service_.shared().sids.announce(control_->facts().sid, *control_);
    service_.observer().on_session(control_);
    update_reading();
    link_.request_flush();
}

void connection::on_message(message_kind kind, bytes_view data) {
    service_.observer().on_message(*control_, kind, data);
}

void connection::on_statistic(statistic which, double value) {
    service_.observer().on_statistic(*control_, which, value);
}

void connection::on_close_wanted(std::uint16_t code, std::string_view reason) {
    start_close(code, reason);
}

bool connection::send(message_kind kind, shared_bytes payload) {
    if (!session_->send(kind, std::move(payload))) return false;
    link_.request_flush();
    return true;
}

// Also while closing: a message that was accepted before the close leaves before it.
void connection::send_accepted(message_kind kind, shared_bytes payload) noexcept {
    if ((phase_ != phase::established && phase_ != phase::closing) || close_frame_sent_) return;
    guarded([&] {
        session_->send_accepted(kind, std::move(payload));
        link_.request_flush();
    });
}

void connection::ping() {
    guarded([&] {
        if (phase_ != phase::established) return;
        session_->ping();
        link_.request_flush();
    });
}

// --- the end --------------------------------------------------------------------------------------------

void connection::close(std::uint16_t code, std::string_view reason) {
    guarded([&] {
        start_close(code, reason);
        rearm();
    });
}

void connection::start_close(std::uint16_t code, std::string_view reason) noexcept {
    if (phase_ != phase::established) return;
    phase_ = phase::closing;
    phase_deadline_ = service_.loop()->now() + service_.options().close_timeout;
    remember_close(code, reason);
    session_->begin_close();
    control_->set_open(false);
    service_.shared().sids.begin_close(control_->facts().sid, *control_);
    update_reading();
    link_.request_flush();
}

// Closing needs no memory: at worst the reason is left out.
void connection::remember_close(std::uint16_t code, std::string_view reason) noexcept {
    close_code_ = code;
    try {
        close_reason_ = reason;
    } catch (...) {
        close_reason_.clear();
    }
}

// Everything that is there to leave has left.
void connection::go_on_closing() {
    if (!close_frame_sent_) {
        if (control_->mail_under_way()) return; // it comes in this iteration, and asks for a flush
        send_close_frame();
        return link_.request_flush();
    }
    // From a peer that made no sense, no close can be read either.
    if (!unintelligible_) return;
    end_session(close_code_, close_reason_);
    finish();
}

void connection::finish_closing() {
    guarded([&] {
        if (phase_ != phase::closing) return;
        if (!close_frame_sent_) send_close_frame();
        end_session(close_code_, close_reason_);
        finish();
        rearm();
    });
}

// What is in the outbox leaves, then the link shuts down.
void connection::finish() {
    phase_ = phase::finishing;
    phase_deadline_ = service_.loop()->now() + service_.options().close_timeout;
    link_.resume_read(); // nothing is taken from it any more, but its end must be seen
    link_.request_flush();
}

void connection::drop() noexcept {
    phase_ = phase::finished;
    link_.abort();
}

void connection::end_session(std::uint16_t code, std::string_view reason) {
    stop_counting_pending();
    handshake_.reset();
    if (!control_) return;
    const auto control = std::exchange(control_, nullptr);
    control->expire();
    control->set_open(false);
    control->disown();
    service_.shared().sids.release(control->facts().sid, *control);
    if (announced_) service_.observer().on_closed(*control, code, reason);
}

void connection::shut_down() {
    guarded([&] {
        switch (phase_) {
        case phase::head:
        case phase::validating:
        case phase::waiting:
            refuse(503, "The server is shutting down.");
            break;
        case phase::established:
            start_close(cryo_close::graceful, "Server shutdown.");
            break;
        case phase::closing:
        case phase::finishing:
        case phase::finished:
            break;
        }
        rearm();
    });
}

// --- time -----------------------------------------------------------------------------------------------

void connection::on_deadline(time_us now) {
    guarded([&] {
        switch (phase_) {
        case phase::established:
            excuse_peer();
            session_->tick(now);
            if (message_began_ != never && now >= message_began_ + service_.options().message_timeout)
                start_close(ws::close_code::policy_violation, "A message was not finished in time.");
            link_.request_flush();
            break;
        case phase::closing:
            if (now < phase_deadline_) {
                session_->tick(now);
                break;
            }
            end_session(close_code_, close_reason_);
            drop();
            break;
        case phase::head:
            if (now >= phase_deadline_) drop();
            break;
        case phase::validating:
            if (now < phase_deadline_) break;
            if (control_->expire())
                refuse(401, "The token could not be validated in time.");
            else
                decide(); // the verdict came in this very moment; if it is being given, its mail follows
            break;
        case phase::waiting:
            if (now >= phase_deadline_) refuse(409, "A live session has this x-cryo-sid.");
            break;
        case phase::finishing:
            if (now >= phase_deadline_) drop();
            break;
        case phase::finished:
            break;
        }
        rearm();
    });
}

time_us connection::wanted_deadline() const noexcept {
    switch (phase_) {
    case phase::established: {
        const time_us message =
            message_began_ == never ? never : message_began_ + service_.options().message_timeout;
        return std::min(session_->deadline(), message);
    }
    case phase::closing:
        return std::min(session_->deadline(), phase_deadline_);
    case phase::head:
    case phase::validating:
    case phase::waiting:
    case phase::finishing:
        return phase_deadline_;
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
