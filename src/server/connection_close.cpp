// A connection from the first word of its end, whoever said it, to the last byte.
#include "server/connection.h"

#include "base/log.h"
#include "server/handshake.h"
#include "server/kept_session.h"
#include "server/service.h"
#include "ws/build.h"

#include <utility>

namespace cryo_core {

namespace {

// A close by which a peer says that it cannot do with us, not just that it leaves.
constexpr bool is_failure(std::uint16_t code) noexcept {
    switch (code) {
    case cryo_close::client_error:
    case cryo_close::server_error:
    case cryo_close::cale_mismatch:
    case cryo_close::cale_handshake:
    case ws::close_code::protocol_error:
    case ws::close_code::unsupported:
    case ws::close_code::policy_violation:
    case ws::close_code::too_big:
        return true;
    default:
        return false;
    }
}

// It has not heard us, or needs fresh keys.
constexpr bool will_be_back(std::uint16_t code, std::string_view reason) noexcept {
    return (code == cryo_close::server_error && reason == cryo_close::silence) ||
           (code == cryo_close::graceful && reason == cryo_close::rekey);
}

} // namespace

void connection::close(std::uint16_t code, std::string_view reason) {
    guarded([&] {
        if (phase_ == phase::waiting && kept_) return kept_->want_close(code, reason); // see upgrade
        start_close(code, reason);
        rearm();
    });
}

void connection::on_expiry() {
    guarded([&] {
        expires_ = control_->expiry() != never;
        rearm();
    });
}

void connection::start_close(std::uint16_t code, std::string_view reason) noexcept {
    if (phase_ != phase::established) return;
    if (!announced_ && code != cryo_close::graceful) tell_close(code, reason, false);
    phase_ = phase::closing;
    look_ = never;
    due_ = service_.loop()->now() + service_.options().close_timeout;
    remember_close(code, reason);
    session_->begin_close();
    control_->drop_computations();
    control_->set_open(false);
    service_.shared().sids.begin_close(control_->facts().sid(), *control_);
    update_reading();
    link_.request_flush();
}

void connection::remember_close(std::uint16_t code, std::string_view reason) noexcept {
    close_code_ = code;
    control_->set_reason(reason);
}

// Everything that is there to leave has left.
void connection::go_on_closing() {
    if (!close_frame_sent_) {
        if (control_->mail_under_way()) return; // it comes in this iteration, and asks for a flush
        if (session_->sends_wait()) return;     // for an extension, whose answer asks for one too
        send_close_frame();
        return link_.request_flush();
    }
    // From a peer that made no sense, no close can be read either.
    if (!unintelligible_) return;
    end_session(close_code_, control_->reason());
    finish();
}

void connection::finish_closing() {
    guarded([&] {
        if (phase_ == phase::closing) end_closing();
        rearm();
    });
}

// Without waiting for the peer's close.
void connection::end_closing() {
    if (!close_frame_sent_) send_close_frame();
    end_session(close_code_, control_->reason());
    finish();
}

// What is in the outbox leaves, then the link shuts down.
void connection::finish() {
    phase_ = phase::finishing;
    due_ = service_.loop()->now() + service_.options().close_timeout;
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
    count_messages();
    control_->set_open(false);
    if (session_) session_->end();
    if (kept_) kept_->drop(service_.observer());
    kept_.reset();
    control_->set_away(false);
    const auto control = std::exchange(control_, nullptr);
    control->expire();
    control->disown();
    service_.shared().sids.release(control->facts().sid(), *control);
    if (announced_) service_.counters().closed.add(1);
    if (announced_) control->end(service_.observer(), code, reason);
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
            start_close(service_.last_words().code, service_.last_words().reason);
            break;
        case phase::closing:
        case phase::finishing:
        case phase::finished:
            break;
        }
        rearm();
    });
}

// The peer's close: the answer to ours, or the beginning. It was heard, and it will hear what was received:
// who sends and leaves at once loses nothing.
bool connection::on_close(std::uint16_t code, std::string_view reason) {
    outbox_.end_turn();
    if (phase_ == phase::established) session_->hear_early(service_.loop()->now());
    if (phase_ == phase::closing) {
        if (!close_frame_sent_) send_close_frame();
        end_session(close_code_, control_->reason());
    } else if (will_be_back(code, reason) && keep_session(code, reason)) {
        append_close_frame(code, reason);
    } else {
        if (!announced_ && is_failure(code)) tell_close(code, reason, true);
        tell_what_is_held();
        if (phase_ != phase::established) { // it was closed there
            send_close_frame();
            end_session(close_code_, control_->reason());
            finish();
            return false;
        }
        const bool heard = session_->open();
        session_->begin_close();
        if (heard) append_answers();
        remember_close(code, reason);
        send_close_frame();
        end_session(code, control_->reason());
    }
    finish();
    return false;
}

// What is still to be said about what was received; there is no use in more.
void connection::append_answers() {
    session_->drop_data();
    byte_buffer frame;
    while (const std::size_t size = session_->next_frame_size()) {
        frame.clear();
        std::uint8_t *const out = frame.extend(ws::header_size(size, false) + size);
        const std::size_t header = ws::write_header(out, ws::opcode::binary, size);
        if (!session_->take_frame(out + header, service_.loop()->now())) break;
        outbox_.append(frame.view());
    }
}

void connection::send_close_frame() {
    session_->drop_output(); // nothing may follow a close frame (RFC 6455 section 5.5.1)
    append_close_frame(close_code_, control_->reason());
}

void connection::append_close_frame(std::uint16_t code, std::string_view reason) {
    close_frame_sent_ = true;
    std::uint8_t frame[ws::max_control_frame_size];
    outbox_.append({frame, ws::write_close(frame, code, reason)});
}

} // namespace cryo_core
