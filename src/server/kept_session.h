// A session whose connection is lost, until its client comes back: what it still has to say, and how its end
// would be told.
#pragma once

#include "endpoint/away_messages.h"
#include "endpoint/session_control.h"
#include "server/address_book.h"
#include "server/observer.h"
#include "server/registry.h"

#include <memory>
#include <string>
#include <vector>

namespace cryo_core {

struct kept_session {
    // Takes over what `from` leaves. If it throws std::bad_alloc, `from` is as it was.
    kept_session(std::shared_ptr<session_control> whose, session &from, time_us wait_until);

    // Of the application, within the caps and by the drop policy; what gives way is told. status::ok, full,
    // total_full.
    status send(server_observer &to, data_frame &&frame);
    // One whose sender cannot be answered. False: it was told as dropped.
    bool take_in(server_observer &to, data_frame &&frame);
    void tell_dropped(server_observer &to, const data_frame &gone, drop_reason why);
    // What its client says that it has got.
    void acknowledge(server_observer &to, std::uint32_t received, time_us now);
    void begin_numbers_anew() noexcept {
        numbers = {};
        messages.forget_numbers();
    }
    // Its end, once it has come to where it is going.
    void want_close(std::uint16_t with_code, std::string_view with_reason);
    // No message leaves any more.
    void drop(server_observer &to) noexcept;
    // Nobody comes back.
    void end(server_observer &to, registry &sids, std::uint16_t with_code,
             std::string_view with_reason) noexcept;
    void publish() const noexcept;

    std::shared_ptr<session_control> control;
    away_messages messages;
    std::vector<data_frame> undelivered; // acknowledged, and waited for an extension
    frame_numbers numbers;
    address_entry counted;  // for the address from which it came
    time_us until;          // when the wait is over
    std::uint16_t code = 0; // of the loss, or of the close that is wanted
    std::string reason;
    bool close_wanted = false;
    bool just_lost = true; // which was not told yet
    bool telling = false;  // something that was dropped
};

} // namespace cryo_core
