#include "server/kept_session.h"

#include <algorithm>
#include <utility>

namespace cryo_core {

kept_session::kept_session(std::shared_ptr<session_control> whose, session &from, time_us wait_until)
    : control(std::move(whose)), messages(control->options()), numbers(from.numbers()), until(wait_until) {
    std::vector<unsent_message> unsent;
    unsent.reserve(from.unsent_count());
    undelivered.reserve(from.undelivered_count());
    for (unsent_message one{}; from.take_unsent(one);)
        unsent.push_back(std::move(one));
    for (data_frame frame{}; from.take_undelivered(frame);)
        undelivered.push_back(std::move(frame));
    messages.put_in_front(std::move(unsent));
    publish();
}

void kept_session::publish() const noexcept {
    session_counters &counters = control->own_counters();
    counters.pending_bytes.store(messages.bytes());
    counters.pending_count.store(messages.count());
    counters.queued_count.store(messages.count());
    counters.held.store(true);
}

status kept_session::send(server_observer &to, data_frame &&frame) {
    const status outcome = messages.push(std::move(frame), !telling);
    while (!telling && messages.any_dropped()) {
        const dropped_frame gone = messages.take_dropped();
        tell_dropped(to, gone.frame, gone.reason);
    }
    publish();
    return outcome;
}

bool kept_session::take_in(server_observer &to, data_frame &&frame) {
    const status outcome = send(to, std::move(frame));
    if (outcome == status::ok) return true;
    const data_frame gone = std::move(frame); // NOLINT(bugprone-use-after-move): it is as it was
    tell_dropped(to, gone, outcome == status::total_full ? drop_reason::total : drop_reason::refused);
    return false;
}

void kept_session::tell_dropped(server_observer &to, const data_frame &gone, drop_reason why) {
    const bool nested = std::exchange(telling, true); // what is sent inside of the call drops no other one
    control->count_drop(why);
    to.on_dropped(*control, gone, why);
    if (gone.receipt != 0)
        control->tell_receipt(to, gone.receipt, receipt_outcome::dropped, -1, name_of(why));
    telling = nested;
}

void kept_session::acknowledge(server_observer &to, std::uint32_t received, time_us now) {
    for (unsent_message one{}; messages.take_received(received, one);)
        if (one.frame.receipt != 0)
            control->tell_receipt(to, one.frame.receipt, receipt_outcome::acknowledged,
                                  static_cast<double>(now - one.sent_at) / 1000.0, {});
    publish();
}

void kept_session::want_close(std::uint16_t with_code, std::string_view with_reason) {
    close_wanted = true;
    code = with_code;
    reason = with_reason;
}

void kept_session::drop(server_observer &to) noexcept {
    for (data_frame frame{}; messages.take(frame);)
        if (frame.receipt != 0) control->tell_receipt(to, frame.receipt, receipt_outcome::closed, -1, {});
    publish();
}

void kept_session::end(server_observer &to, registry &sids, std::uint16_t with_code,
                       std::string_view with_reason) noexcept {
    control->set_open(false);
    control->set_away(false);
    control->disown();
    drop(to);
    control->own_counters().held.store(false);
    sids.release(control->facts().sid(), *control);
    control->end(to, with_code, with_reason);
}

} // namespace cryo_core
