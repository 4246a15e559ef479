#include "server/away_session.h"

#include "base/log.h"
#include "server/service.h"

#include <algorithm>
#include <utility>

namespace cryo_core {

namespace {

// To the loop on which its client has come back.
class move_mail final : public net::mail {
  public:
    move_mail(service_context &shared, std::unique_ptr<kept_session> kept, registry::holder to) noexcept
        : shared_(shared), kept_(std::move(kept)), to_(std::move(to)) {}
    ~move_mail() override {
        if (kept_) // that loop has ended
            kept_->end(*shared_.observer, shared_.sids, cryo_close::graceful, shutdown_reason);
        shared_.broadcasts.end_move();
    }
    void deliver() noexcept override {
        if (to_->owner() != nullptr && to_->owner()->on_resumed(kept_)) return;
        to_->first_place()->keeper->keep(std::move(kept_));
        to_->wake(); // it is in no line any more, and may ask again
    }

  private:
    service_context &shared_;
    std::unique_ptr<kept_session> kept_;
    const registry::holder to_; // the connection that has the newcomer's token
};

} // namespace

away_session::away_session(service &home, std::unique_ptr<kept_session> kept) noexcept
    : home_(home), kept_(std::move(kept)) {
    on_expiry();
}

away_session::~away_session() {
    home_.loop()->cancel(*this);
}

template <typename Action>
auto away_session::telling(Action action) {
    const bool outer = std::exchange(inside_, true);
    const auto outcome = action();
    inside_ = outer;
    if (!outer && kept_->close_wanted && !kept_->control->moving()) end(kept_->code, kept_->reason);
    return outcome;
}

void away_session::take_over() noexcept {
    kept_->publish(); // the former connection has said that nothing is left
    inside_ = true;   // a close that has come meanwhile ends it behind this
    kept_->control->moving() ? kept_->control->arrive(*this) : kept_->control->set_owner(*this);
    inside_ = false;
}

void away_session::begin() {
    const bool lost = std::exchange(kept_->just_lost, false);
    const bool lives = telling([&] {
        if (lost) home_.observer().on_disconnected(*kept_->control, kept_->code, kept_->reason);
        return !kept_->close_wanted;
    });
    if (lives) hand_over();
}

status away_session::send(data_frame &&frame) {
    return telling([&] { return kept_->send(home_.observer(), std::move(frame)); });
}

void away_session::send_accepted(data_frame &&frame) noexcept {
    try {
        if (home_.shared().mails.over()) {
            if (frame.receipt != 0)
                kept_->control->tell_receipt(home_.observer(), frame.receipt, receipt_outcome::closed, -1,
                                             {});
            return;
        }
        telling([&] { return kept_->take_in(home_.observer(), std::move(frame)); });
    } catch (...) {
        log(log_level::error, "Memory ran out; a message to a session that is away is lost.");
    }
}

bool away_session::offer(data_frame &&frame) {
    return telling([&] { return kept_->take_in(home_.observer(), std::move(frame)); });
}

void away_session::close(std::uint16_t code, std::string_view reason) {
    if (!inside_ && !kept_->control->moving()) return end(code, reason);
    kept_->want_close(code, reason);
}

void away_session::shut_down() noexcept {
    const farewell words = home_.last_words();
    if (!kept_->control->moving()) return end(words.code, words.reason);
    close(words.code, words.reason);
}

void away_session::on_rival(bool) {
    hand_over();
}

void away_session::on_expiry() {
    if (kept_) home_.loop()->set_deadline(*this, std::min(kept_->until, kept_->control->expiry()));
}

void away_session::on_deadline(time_us now) {
    if (kept_->control->moving()) return; // it goes on where it arrives
    if (now >= kept_->control->expiry()) return end(cryo_close::client_error, cryo_close::expired);
    end(kept_->code, kept_->reason);
}

void away_session::hand_over() {
    if (kept_->control->moving()) return;
    service_context &shared = home_.shared();
    if (shared.broadcasts.wait_for_broadcasts()) return kept_->control->probe(); // again, behind them
    while (const registry::holder to =
               shared.sids.take_newcomer(kept_->control->facts().sid(), *kept_->control)) {
        if (to->first_place()->loop == home_.loop()) {
            if (to->owner() != nullptr && to->owner()->on_resumed(kept_)) return home_.drop(*this);
            continue;
        }
        kept_->control->begin_move(to->first_place(), [this, to] { leave(to); });
        shared.broadcasts.begin_move(); // what leave() posts ends it
        return;
    }
}

void away_session::leave(const registry::holder &to) {
    kept_->control->leave();
    to->first_place()->loop->post(std::make_unique<move_mail>(home_.shared(), std::move(kept_), to));
    home_.drop(*this);
}

void away_session::end(std::uint16_t code, std::string_view reason) noexcept {
    home_.loop()->cancel(*this);
    const auto kept = std::move(kept_);
    service_context &shared = home_.shared();
    // Held for the application alone, and acknowledged.
    if (!home_.extensions().list)
        for (const data_frame &one : kept->undelivered)
            shared.observer->on_message(*kept->control, one.kind(), one.payload.view());
    kept->end(*shared.observer, shared.sids, code, reason);
    home_.drop(*this);
}

} // namespace cryo_core
