// A session from the question whether its client may come in to what was said with the answer.
#include "endpoint/session_control.h"

#include <mutex>
#include <utility>

namespace cryo_core {

namespace {

// Of the tickets of all sessions: each is looked at a few times, when its client comes in.
std::mutex tickets_mutex;

} // namespace

std::shared_ptr<ticket_data> session_control::ticket() const noexcept {
    const std::lock_guard lock(tickets_mutex);
    return ticket_;
}

void session_control::hand_out_ticket(std::shared_ptr<ticket_data> ticket) noexcept {
    set(state_accepted, true);
    const std::lock_guard lock(tickets_mutex);
    ticket_ = std::move(ticket);
}

void session_control::take_ticket_back() noexcept {
    std::shared_ptr<ticket_data> last;
    const std::lock_guard lock(tickets_mutex);
    last.swap(ticket_);
}

void session_control::take_from(session_control &newcomer) noexcept {
    if (newcomer.expiry() != never) set_expiry(newcomer.expiry());
    if (attached && newcomer.attached) attached->take_from(*newcomer.attached);
}

} // namespace cryo_core
