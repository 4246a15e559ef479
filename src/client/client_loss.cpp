// A client's connection from the first word of its end on: what is lost, whether it comes back, and its last
// event.
#include "client/client.h"

#include "base/log.h"
#include "base/random.h"
#include "client/retry_after.h"
#include "client/retry_hint.h"
#include "ws/close_code.h"

#include <algorithm>
#include <chrono>

namespace cryo_core {

namespace {

std::uint64_t any_number() {
    std::array<std::uint8_t, 8> bytes{};
    fill_random(bytes);
    return load_be<std::uint64_t>(bytes.data());
}

std::int64_t seconds_since_1970() {
    using namespace std::chrono;
    return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace

// From the application: for good, whatever goes on.
void client::close(std::uint16_t code, std::string_view reason) {
    guarded([&] {
        if (close_asked_ || phase_ == phase::over) return;
        close_asked_ = true;
        switch (phase_) {
        case phase::open:
            return start_close(code, reason);
        case phase::connecting:
            remember_close(code, reason);
            if (link_ != nullptr) link_->abort();
            return;
        case phase::closing: // with the code that is on its way already
            return;
        case phase::waiting: // not inside of a callback that tells of the loss
            remember_close(code, reason);
            phase_deadline_ = now();
            return rearm();
        case phase::asking:
            drop_token_request();
            phase_ = phase::waiting;
            remember_close(code, reason);
            phase_deadline_ = now();
            return rearm();
        case phase::idle:
            remember_close(code, reason);
            return;
        case phase::over:
            return;
        }
    });
}

// Also by the session, when the server breaks a rule or says nothing.
void client::start_close(std::uint16_t code, std::string_view reason) {
    if (phase_ != phase::open && phase_ != phase::connecting) return;
    phase_ = phase::closing;
    look_ = never;
    phase_deadline_ = now() + options_->close_timeout;
    remember_close(code, reason);
    await_end();
    session_->begin_close();
    if (reading_paused_) link_->resume_read(); // its end must be seen
    link_->request_flush();
    rearm();
}

// Nothing is awaited of a server that says nothing: what the link takes of what there is to say leaves, the
// close behind it, and the connection is lost.
void client::part() {
    if (link_ == nullptr) return;
    if (writer_->flush(*link_, *session_, now()) == frame_writer::result::drained && link_->writable() > 0) {
        close_frame_sent_ = true;
        writer_->write_close(*link_, close_code_, close_reason_);
    }
    link_->leave();
}

void client::look_at_flow(time_us at) {
    const time_us timeout = options_->session.stall_timeout;
    const auto flow = watch_.look(link_->delivery(), session_->next_frame_size() > 0, at, timeout);
    look_ = flow == delivery_watch::flow::nothing_waits ? never : delivery_watch::next_look(at, timeout);
    if (flow != delivery_watch::flow::stands_still) return;
    start_close(cryo_close::server_error, stalled_reason);
    link_->abort();
}

// Closing needs no memory: at worst the reason is left out.
void client::remember_close(std::uint16_t code, std::string_view reason) noexcept {
    close_code_ = code;
    try {
        close_reason_ = reason;
    } catch (...) {
        close_reason_.clear();
    }
}

// Until it is known whether it comes back, it may be closed, and what is sent waits for that too.
void client::await_end() noexcept {
    control_->set_away(!close_asked_);
    control_->set_open(!close_asked_ && options_->resend);
}

void client::on_close_wanted(std::uint16_t code, std::string_view reason) {
    start_close(code, reason);
}

// What is written here is the last.
void client::on_peer_close(std::uint16_t code, std::string_view reason) {
    guarded([&] {
        if (phase_ == phase::closing) {
            end_.code = close_code_;
            end_.reason = close_reason_;
        } else {
            end_.code = code;
            end_.reason = reason;
        }
        await_end();
        if (!std::exchange(close_frame_sent_, true) && link_->writable() > 0)
            writer_->write_close(*link_, code, reason);
        link_->finish();
    });
}

void client::on_gone() noexcept {
    link_ = nullptr;
    if (phase_ == phase::closing) {
        end_.code = close_code_;
        try {
            end_.reason = close_reason_;
        } catch (...) {
            end_.reason.clear();
        }
    }
    settle_loss();
}

bool client::comes_back() const noexcept {
    return !close_asked_ && failures_ <= options_->reconnect_attempts &&
           worth_another_try({.code = end_.code,
                              .reason = end_.reason,
                              .http_status = end_.failed.http_status,
                              .was_connected = announced_,
                              .another_token = options_->asks_for_token && !token_refused_,
                              .may_hold_id = may_hold_id_});
}

time_us client::next_delay(std::uint64_t dice) noexcept {
    return reconnect_delay(
        {options_->reconnect_initial, options_->reconnect_max, options_->reconnect_attempts}, failures_,
        std::max(retry_after(end_.failed.retry_after, seconds_since_1970()),
                 end_.code != 0 ? retry_hint(end_.reason) : 0),
        dice);
}

failure client::failure_of(const ending &how) const {
    if (how.failed.reason) return how.failed.reason;
    std::string text = "The server closed with " + std::to_string(how.code);
    if (phase_ == phase::closing) text = "Closed with " + std::to_string(how.code);
    if (how.code == ws::close_code::abnormal) text = "The connection was lost before the session was open";
    if (!how.reason.empty()) text += ": " + how.reason;
    return {status::closed, text};
}

// Behind the end of a link, and of nothing else's. Whatever happens here, it comes back or has its end.
void client::settle_loss() noexcept {
    try {
        settle(failure_of(end_));
    } catch (...) {
        log(log_level::error, "Memory ran out; a client is closed, and what it has lost is not told.");
        phase_ = phase::over;
        control_->set_open(false);
        if (session_) session_->end();
        session_.reset();
        writer_.reset();
        close_for_good(close_asked_ ? close_code_ : cryo_close::server_error, "Out of memory.");
    }
}

// What the server may not have got, and apart from that the message that it has closed for.
std::vector<unsent_message> client::take_unsent(std::optional<data_frame> &refused) {
    std::vector<unsent_message> unsent;
    if (!session_) return unsent;
    unsent.reserve(session_->unsent_count());
    outstanding_.make_room_in_front(session_->unsent_count());
    undelivered_.reserve(undelivered_.size() + session_->undelivered_count());
    for (unsent_message one{}; session_->take_unsent(one);)
        unsent.push_back(std::move(one));
    if (phase_ == phase::closing) return unsent; // it was we who closed
    if (const std::size_t at = refused_.find(end_.code, unsent); at < unsent.size()) {
        refused = std::move(unsent[at].frame);
        unsent.erase(unsent.begin() + static_cast<std::ptrdiff_t>(at));
    }
    return unsent;
}

// Throws before the application is called, or not at all. The client may be gone behind it.
void client::settle(const failure &why) {
    const std::uint64_t dice = any_number();
    std::optional<data_frame> refused;
    std::vector<unsent_message> unsent = take_unsent(refused);
    if (was_open_ && now() - opened_at_ >= time_to_hold(last_delay_)) failures_ = 0;
    ++failures_;
    if (dialled_ && !was_open_ && end_.failed.http_status == 0 &&
        end_.failed.reason.code != status::resolve && end_.failed.reason.code != status::connect)
        may_hold_id_ = true;
    const bool back = comes_back();
    if (end_.failed.http_status == 401) token_refused_ = true;
    phase_ = back ? phase::waiting : phase::over;
    control_->set_secure(false);
    control_->set_away(back);
    control_->set_open(back && options_->resend);
    if (session_) numbers_ = session_->numbers();
    for (data_frame frame{}; back && session_ && session_->take_undelivered(frame);)
        undelivered_.push_back(std::move(frame));
    if (!back && !close_asked_) tell_what_is_held();
    if (session_) session_->end();
    session_.reset();
    writer_.reset();
    control_->drop_computations();

    if (refused) tell_lost(*refused, receipt_outcome::refused);
    if (back && options_->resend) {
        outstanding_.put_in_front(std::move(unsent));
    } else {
        for (const unsent_message &one : unsent)
            tell_lost(one.frame);
    }
    publish_outstanding();

    time_us delay = never;
    if (back) {
        delay = last_delay_ = next_delay(dice);
        phase_deadline_ = now() + delay;
        rearm();
    }
    if (!was_open_ && !close_asked_)
        tell_failure(why, delay);
    else if (back)
        observer_->on_disconnected(*control_, end_.code, end_.reason);
    if (back) return;
    if (close_asked_) return close_for_good(close_code_, close_reason_);
    if (end_.code == 0) return close_for_good(ws::close_code::abnormal, why.text);
    close_for_good(end_.code, end_.reason);
}

// What waits for a connection counts for the caps, on every thread that sends.
void client::publish_outstanding() noexcept {
    session_counters &counters = control_->own_counters();
    counters.pending_bytes.store(outstanding_.bytes());
    counters.queued_count.store(outstanding_.count());
    counters.held.store(phase_ != phase::open);
}

void client::tell_lost(const data_frame &lost, receipt_outcome how) noexcept {
    observer_->on_lost(*control_, lost.kind(), lost.payload.view());
    if (lost.receipt != 0) control_->tell_receipt(*observer_, lost.receipt, how, -1, {});
}

void client::tell_failure(const failure &why, time_us retry_in) noexcept {
    try {
        observer_->on_attempt_failed(
            *control_, {.why = why, .http_status = end_.failed.http_status, .retry_in = retry_in});
    } catch (...) {
        log(log_level::error, "Memory ran out; a failed attempt to connect was not told.");
    }
}

void client::close_for_good(std::uint16_t code, std::string_view reason) noexcept {
    auto end = std::move(running_); // may hold the last reference
    phase_ = phase::over;
    forget_token();
    if (armed()) home_->loop()->cancel(*this);
    control_->set_open(false);
    control_->set_away(false);
    control_->disown();
    for (data_frame frame{}; outstanding_.take(frame);)
        tell_lost(frame);
    control_->end(*observer_, code, reason, std::move(end));
}

} // namespace cryo_core
