// A client's connection from the moment when it is there, and what is said in it.
#include "client/client.h"

#include "base/log.h"
#include "ws/close_code.h"

#include <algorithm>

namespace cryo_core {

// What the library's own code may throw: memory or another resource of the system ran out.
void client::out_of_memory() noexcept {
    log(log_level::error, "Memory ran out; a client's connection is dropped.");
    if (link_ != nullptr) link_->abort();
}

void client::on_connected() {
    guarded([&] {
        writer_.emplace();
        agree_on_numbers();
        session_.emplace(control_->facts().sid(),
                         session::surroundings{.options = options_->session,
                                               .counters = control_->own_counters(),
                                               .events = *this,
                                               .extensions = asked(),
                                               .numbers = numbers_},
                         now(), cale::role::client);
        if (control_->paused()) session_->hold_received(true);
        end_.code = ws::close_code::abnormal; // if nobody says another
        session_->peer_listens(now());
        after_input();
    });
}

// Where the server still has this session, what it has got already is not sent again.
void client::agree_on_numbers() {
    const auto point = resume_point::parse(link_->wanted_header());
    const bool goes_on = point && point->conversation != 0 && point->conversation == conversation_;
    conversation_ = point ? point->conversation : 0;
    if (!goes_on) {
        numbers_ = {};
        outstanding_.forget_numbers();
        return;
    }
    for (unsent_message one{}; outstanding_.take_received(point->received, one);)
        if (one.frame.receipt != 0)
            on_receipt(one.frame.receipt, receipt_outcome::acknowledged,
                       static_cast<double>(now() - one.sent_at) / 1000.0, {});
    publish_outstanding();
}

void client::on_failed(const net::dial_failure &why) {
    end_.failed = why;
}

void client::on_open() {
    phase_ = phase::open;
    was_open_ = true;
    token_refused_ = false;
    opened_at_ = now();
    control_->set_secure(session_->secure());
    control_->set_open(true);
    control_->set_away(false);
    publish_outstanding();
    for (data_frame frame{}; outstanding_.take(frame);)
        session_->send_again(std::move(frame));
    session_->hooks_settled(now());
    if (std::exchange(announced_, true))
        observer_->on_reconnected(*control_);
    else
        observer_->on_session(control_);
    auto undelivered = std::exchange(undelivered_, {});
    for (data_frame &frame : undelivered)
        session_->deliver_again(std::move(frame), now());
}

// --- what comes in ----------------------------------------------------------------------------------------

void client::on_binary(bytes_mut message) {
    guarded([&] {
        session_->receive(message, now());
        after_input();
    });
}

void client::on_text(bytes_mut) {
    guarded([&] { start_close(ws::close_code::unsupported, "Cryo frames are binary messages."); });
}

void client::on_too_big() {
    guarded([&] { start_close(ws::close_code::too_big, "The message is too big."); });
}

void client::on_violation(std::uint16_t code, std::string_view what) {
    guarded([&] { start_close(code, what); });
}

// Servers of the first implementation do not answer a client's ping, but their WebSocket does.
void client::on_keep_alive() {
    writer_->ping();
    watch_.ping_leaves(link_->delivery(), now());
}

// Nobody answers who is not read from, unless that is by his own fault.
bool client::ping_under_way() noexcept {
    const bool unread_by_us = reading_paused_ && (observer_->congested() || session_->hooks_are_full());
    return unread_by_us || watch_.ping_under_way(link_->delivery(), now());
}

void client::on_activity() {
    if (session_) session_->excuse_silence();
}

void client::after_input() {
    update_reading();
    if (link_ != nullptr) link_->request_flush();
    rearm();
}

void client::on_message(message_kind kind, bytes_view data) {
    observer_->on_message(*control_, kind, data);
}

void client::on_statistic(statistic which, double value) {
    observer_->on_statistic(*control_, which, value);
}

void client::on_room() {
    guarded([&] { update_reading(); });
}

void client::on_pause() {
    guarded([&] {
        if (!session_ || phase_ == phase::closing) return;
        session_->hold_received(control_->paused());
        if (!control_->paused()) session_->hooks_settled(now());
        after_input();
    });
}

// Nothing comes any more, and nobody could ask for it later: who has it acknowledged may count on it.
void client::tell_what_is_held() noexcept {
    try {
        if (!session_ || !session_->open() || !control_->paused()) return;
        session_->hold_received(false);
        session_->hooks_settled(now());
    } catch (...) {
        log(log_level::error, "Memory ran out; what a client has received is lost.");
    }
}

void client::update_reading() {
    if (link_ == nullptr || !session_ || phase_ == phase::closing) return;
    const bool pause = observer_->congested() || session_->congested();
    if (pause == reading_paused_) return;
    reading_paused_ = pause;
    if (pause) return link_->pause_read();
    session_->excuse_silence(); // it was not heard
    link_->resume_read();
}

void client::on_computation(cale_job job) {
    if (job.slow()) return control_->compute(home_->workers(), std::move(job));
    job.run();
    session_->computed(std::move(job), now());
}

void client::on_computed(cale_job done) {
    guarded([&] {
        if (!session_ || phase_ != phase::connecting) return;
        session_->computed(std::move(done), now());
        after_input();
    });
}

// --- time -------------------------------------------------------------------------------------------------

void client::on_deadline(time_us at) {
    guarded([&] {
        switch (phase_) {
        case phase::connecting:
        case phase::open:
            if (session_) {
                session_->tick(at);
                if (at >= look_) look_at_flow(at);
                if (session_->peer_is_silent()) part();
                after_input();
            }
            break;
        case phase::closing:
            if (at >= phase_deadline_ && link_ != nullptr) return link_->abort();
            if (session_) session_->tick(at);
            break;
        case phase::waiting:
            if (at >= phase_deadline_) return connect();
            break;
        case phase::asking:
            if (at >= phase_deadline_) return give_up_token();
            break;
        case phase::idle:
        case phase::over:
            return;
        }
        rearm();
    });
}

void client::rearm() {
    time_us wanted = phase_deadline_;
    if (session_) wanted = std::min({wanted, session_->deadline(), look_});
    if (wanted == never || (armed() && deadline() <= wanted)) return;
    home_->loop()->set_deadline(*this, wanted);
}

} // namespace cryo_core
