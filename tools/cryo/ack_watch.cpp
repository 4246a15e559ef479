#include "ack_watch.h"

#include <utility>

namespace cryo_tool {

double ack_watch::timeouts_of(const cryo::session &session) {
    return session.stat(cryo::statistic::ack_timeout).value_or(0);
}

void ack_watch::about_to_send(const cryo::session &session) {
    if (unresolved_ != 0) return;
    rtt_ = session.stat(cryo::statistic::rtt);
    timeouts_ = timeouts_of(session);
}

void ack_watch::sent(clock::time_point now) {
    ++unresolved_;
    wait_from(now);
}

void ack_watch::wait_from(clock::time_point time) noexcept {
    // The count of what timed out may be a little late.
    constexpr std::chrono::milliseconds margin{500};
    deadline_ = time + ack_timeout_ + margin;
}

ack_watch::news ack_watch::look(const cryo::session &session, clock::time_point now) {
    if (unresolved_ == 0) return news::none;
    const double timeouts = timeouts_of(session);
    if (timeouts != std::exchange(timeouts_, timeouts)) {
        if (unresolved_ == 1) unresolved_ = 0;
        return news::timed_out;
    }
    // The time-out begins when a message has left.
    if (session.stat(cryo::statistic::queued_bytes).value_or(0) > 0) wait_from(now);
    const std::optional<double> rtt = session.stat(cryo::statistic::rtt);
    const bool sampled = rtt != std::exchange(rtt_, rtt);
    if (now >= deadline_ || (sampled && unresolved_ == 1)) {
        unresolved_ = 0;
        return news::all_acknowledged;
    }
    return sampled ? news::some_acknowledged : news::none;
}

std::optional<ack_watch::clock::time_point> ack_watch::deadline() const noexcept {
    if (unresolved_ == 0) return std::nullopt;
    return deadline_;
}

} // namespace cryo_tool
