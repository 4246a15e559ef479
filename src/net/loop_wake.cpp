// How a loop waits, and is woken: by mail, by other threads, by signals.
#include "base/thread_pointer.h"
#include "net/loop_core.h"
#include "net/socket.h"

#include <algorithm>

namespace cryo_core::net {

namespace {

CRYO_THREAD_POINTER letter_writer *writer_of_thread = nullptr;

} // namespace

letter_writer *letter_writer::of_thread() noexcept {
    return writer_of_thread;
}
void letter_writer::set_of_thread(letter_writer *writer) noexcept {
    writer_of_thread = writer;
}

bool loop_core::put(mail &letter) noexcept {
    if (writer_of_thread != nullptr) writer_of_thread->another_is_posted();
    switch (box_.put(letter)) {
    case mailbox::outcome::closed:
        return false;
    case mailbox::outcome::first:
        if (!in_thread()) wake(); // else settle() sees it
        return true;
    case mailbox::outcome::added:
        wake_for_quiet_mail(); // if what lies there waits for that
        break;
    }
    return true;
}

// Either this sees that the loop does not look any more, or the loop, which looks into its box behind that,
// sees the letter.
bool loop_core::put_quietly(mail &letter) noexcept {
    const mailbox::outcome outcome = box_.put(letter);
    if (outcome == mailbox::outcome::closed) return false;
    if (looks_.load())
        wake_owed_.store(true);
    else if (outcome == mailbox::outcome::first && !in_thread())
        wake();
    return true;
}

void loop_core::wake_for_quiet_mail() noexcept {
    if (wake_owed_.load() && wake_owed_.exchange(false)) wake();
}

void loop_core::look_for_answers() noexcept {
    looks_.store(true);
    timers_.set(answer_timer_, now() + loop::answer_wait);
}

void loop_core::stop_looking_for_answers() noexcept {
    if (answer_timer_.armed()) timers_.cancel(answer_timer_);
    looks_.store(false);
    while (!waiting_.empty())
        flush_soon(waiting_.front());
}

// The handler may have interrupted the loop's own thread, in its wait: so that is ended in any case. What
// this does is lock-free, and uv_async_send() is for handlers as well.
bool loop_core::put_from_signal(mail &letter) noexcept {
    if (box_.put(letter) == mailbox::outcome::closed) return false;
    wake();
    return true;
}

// The handle that wakes must not be closed while a thread uses it: who finds the loop deaf keeps off it, and
// who makes it deaf waits for those who found it otherwise.
void loop_core::wake() noexcept {
    wakers_.fetch_add(1);
    if (!deaf_.load()) uv_async_send(&mail_came_);
    wakers_.fetch_sub(1);
}

void loop_core::stop_wakes() noexcept {
    deaf_.store(true);
    while (wakers_.load() != 0)
        std::this_thread::yield();
}

// libuv begins its wait anew when a signal interrupts it, and the host, whose thread this is, would not get
// to what its handler has noted. So the wait is ours; libuv only looks what there is.
void loop_core::wait_for_something(std::int32_t timeout_ms) noexcept {
    uv_update_time(&uv_);
    if (anything_left()) return;
#ifdef _WIN32
    if (timeout_ms > 0)
        uv_timer_start(
            &wait_, [](uv_timer_t *) {}, static_cast<std::uint64_t>(timeout_ms), 0);
    uv_run(&uv_, UV_RUN_ONCE);
    uv_timer_stop(&wait_);
#else
    const int due = uv_backend_timeout(&uv_); // 0 also where it has to tell the system what to watch
    if (due >= 0) timeout_ms = timeout_ms < 0 ? due : std::min(timeout_ms, due);
    wait_readable(uv_backend_fd(&uv_), timeout_ms);
#endif
}

} // namespace cryo_core::net
