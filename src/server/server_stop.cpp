// What a signal handler may ask of a server.
#include "server/stop_request.h"

namespace cryo_core {

bool server::stop() noexcept {
    for (;;) {
        state was = state::running;
        if (state_.compare_exchange_strong(was, state::stopping)) break;
        if (was != state::starting) return was != state::fresh;
        stop_early_ = true;
        if (state_ == state::starting) return true; // start() looks once it is through
    }
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
