// How a server empties itself, and what it counts, over all of its loops.
#include "server/server.h"

#include <algorithm>

namespace cryo_core {

failure server::drain(const drain_order &order) {
    const std::lock_guard lock(mutex_);
    if (state_ == state::fresh) return {status::state, "The server was not started."};
    if (state_ != state::running) return {};
    auto plan = std::make_shared<drain_plan>();
    plan->began = monotonic_now();
    plan->until = plan->began + order.within;
    plan->batch = order.batch;
    plan->code = order.code;
    plan->reason = reason_with_hint(order.reason, order.retry_ms);
    plan->over = [this] { stop(); };
    plan->busy_services = services_.size();
    std::vector<std::unique_ptr<net::mail>> letters;
    for (const auto &one : services_)
        letters.push_back(one->letter([plan](service &at) { at.drain(plan); }));
    shared_.retry_after_s = std::max<std::uint32_t>(1, order.retry_ms / 1000 + (order.retry_ms % 1000 != 0));
    shared_.draining = true;
    for (std::size_t i = 0; i < letters.size(); ++i)
        services_[i]->post(std::move(letters[i]));
    return {};
}

server_figures server::figures() const noexcept {
    server_figures all;
    all.sessions = shared_.sids.count();
    all.away = shared_.sids.away();
    all.validations = shared_.pending_validations.load(std::memory_order_relaxed);
    all.draining = shared_.draining.load(std::memory_order_relaxed);
    const std::int64_t now_ms = monotonic_now() / 1000;
    if (!was_started()) return all; // the services are not complete yet
    for (const auto &one : services_)
        all.add(*one, now_ms);
    return all;
}

} // namespace cryo_core
