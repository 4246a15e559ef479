// When timers run: behind a poll, so that what a peer has said counts before what it has not said in time.
//
// libuv runs its timers before it polls (before version 1.45) or behind it; so its timer only says that some
// of ours are due, and they run when the sockets have been read, as of the time when that began: what comes
// later may lie there unread.
//
// A loop that is late (the process was stopped, the machine slept or swapped, the application held the loop
// up or drives it too seldom) finds that all of its timers are due and that its peers' bytes wait. It goes on
// as long as it was late, and reads until nothing lies in the sockets any more, both within bounds, before
// the first timer runs. That is time for the handshakes, too, which want more than one step of both sides.
#include "base/log.h"
#include "net/loop_core.h"
#include "net/socket.h"

#include <algorithm>
#include <utility>

namespace cryo_core::net {

namespace {

// What is late by less is not held up: libuv counts milliseconds, and a busy loop takes some.
constexpr time_us late = from_ms(20);

// Timers are held up no longer than this, so that a loop that is always late has timers nevertheless.
constexpr time_us longest_hold = from_ms(500);

// Behind that, and no longer, for what is in the sockets: peers that go on sending do not hold them up.
constexpr time_us longest_catch_up = from_ms(1000);

} // namespace

// One libuv timer stands for all of ours. It may fire too early, and is armed anew then.
void loop_core::arm() noexcept {
    if (anything_left())
        uv_idle_start(&again_, [](uv_idle_t *) {});
    else
        uv_idle_stop(&again_);
    if (timers_.empty() || timers_due_) return;
    const time_us next = std::max(timers_.next(), held_until_);
    if (next >= armed_for_) return;
    armed_for_ = next;
    const time_us wait = std::max<time_us>(next - now(), 0);
    uv_timer_start(
        &deadline_, [](uv_timer_t *h) { static_cast<loop_core *>(h->loop->data)->timers_come_due(); },
        static_cast<std::uint64_t>((wait + 999) / 1000), 0);
}

void loop_core::timers_come_due() noexcept {
    forget_now();
    const time_us was_due = std::exchange(armed_for_, never);
    const time_us late_by = now() - was_due;
    if (late_by > late) {
        const bool was_held = was_due == held_until_;
        if (!was_held) held_until_ = now() + std::min(late_by, longest_hold);
        catch_up_until_ = std::max(now(), held_until_) + longest_catch_up;
        if (!was_held) return arm();
    }
    timers_due_ = true;
    polled_at_ = 0;                             // a poll has to begin first
    uv_idle_start(&again_, [](uv_idle_t *) {}); // which does not wait
}

// Behind a poll.
void loop_core::run_due_timers() noexcept {
    if (polled_at_ == 0) return;
    deliver_mail(); // what another thread has done in time
    if (polled_at_ < catch_up_until_ && (inputs_ != inputs_before_ || readable(uv_backend_fd(&uv_)))) return;
    timers_due_ = false;
    run_timers(polled_at_);
}

void loop_core::run_timers(time_us now) noexcept {
    for (bool all = false; !all;) {
        try {
            timers_.run(now);
            all = true;
        } catch (const std::exception &e) {
            log(log_level::error, e.what());
        } catch (...) {
            log(log_level::error, "unknown exception in a timer");
        }
    }
}

} // namespace cryo_core::net
