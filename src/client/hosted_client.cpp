#include "client/hosted_client.h"

#include "base/log.h"

namespace cryo_core {

hosted_client::hosted_client(client_options options, std::unique_ptr<client_observer> observer,
                             std::shared_ptr<hub> on)
    : on_(std::move(on)), it_(std::make_shared<client>(std::move(options), std::move(observer), on_)) {}

failure hosted_client::wait(std::int32_t timeout_ms) {
    if (!it_->started()) return {status::state, "The client was not started."};
    if (!on_->has_thread())
        return {status::state, "On a loop of yours nothing happens while you wait; call cryo_loop_run_once."};
    if (on_->loop()->in_thread()) return {status::state, "A callback of the client cannot wait for its end."};
    if (on_->wait(timeout_ms, [this] { return it_->ended(); })) return {};
    return {status::timeout, "The client has not closed yet."};
}

void hosted_client::dispose() noexcept {
    if (!it_->started() || it_->ended()) return;
    try {
        it_->control()->close(cryo_close::graceful, "");
        if (!on_->loop()->in_thread()) on_->wait(-1, [this] { return it_->ended(); });
    } catch (...) {
        log(log_level::error, "Memory ran out; a client could not be waited for.");
    }
}

} // namespace cryo_core
