// What a signal handler may ask of a server.
#include "server/stop_request.h"

#include <algorithm>

namespace cryo_core {

namespace {

// For what other threads have posted before a stop; what is left then is dropped.
constexpr time_us longest_mail_time = from_ms(250);

} // namespace

bool server::stop() noexcept {
    for (;;) {
        state was = state::running;
        if (state_.compare_exchange_strong(was, state::stopping)) break;
        if (was != state::starting) return was != state::fresh;
        stop_early_ = true;
        if (state_ == state::starting) return true; // start() looks once it is through
    }
    // A part of the time that peers have for their answer to the close.
    shared_.mails.set(monotonic_now() + std::min(longest_mail_time, options().close_timeout / 8));
    shared_.draining = true;
    for (const auto &one : stop_requests_)
        one->post();
    return true;
}

bool server::wake() noexcept {
    if (!own_loop() || !was_started()) return false;
    services_.front()->loop()->wake();
    return true;
}

} // namespace cryo_core
