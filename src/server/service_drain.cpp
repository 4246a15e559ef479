// How one loop empties itself.
#include "server/service.h"

#include "endpoint/session_control.h"
#include "server/connection.h"

#include <algorithm>

namespace cryo_core {

namespace {

// How often it is looked whether any session is left, where none is closed before the time is over.
constexpr time_us look_every = from_ms(100);

} // namespace

farewell service::last_words() const noexcept {
    return plan_ ? farewell{plan_->code, plan_->reason} : farewell{};
}

void service::drain(std::shared_ptr<drain_plan> plan) {
    if (shutting_down_) return;
    plan_ = std::move(plan);
    reported_empty_ = false;
    drained_from_.reset();
    for (connection *at = first_; at != nullptr; at = at->next)
        at->refuse_newcomer();
    end_away(); // whose clients would be refused
    drain_timer_.on_deadline(loop_->now());
}

void service::drain_timer::on_deadline(time_us now) {
    of_.go_on_draining(now);
}

void service::go_on_draining(time_us now) {
    if (shutting_down_ || !plan_) return;
    if (now >= plan_->until) return plan_->over();
    std::size_t left = guests_.size() + away_.size();
    std::size_t open = 0;
    for (const auto &guest : guests_)
        open += guest->sendable() || guest->away() ? 1 : 0;
    for (connection *at = first_; at != nullptr; at = at->next) {
        left += at->has_session() ? 1 : 0;
        open += at->live() ? 1 : 0;
        if (plan_->batch == 0 && left > 0) break; // that is all there is to know
    }
    if (left == 0) return report_empty();
    if (!drained_from_) drained_from_ = open;
    const std::size_t keep = sessions_to_keep(*drained_from_, *plan_, now);
    if (open > keep) close_some(open - keep);
    const time_us next = now + (plan_->batch > 0 ? plan_->batch : look_every);
    loop_->set_deadline(drain_timer_, std::min(next, plan_->until));
}

// Closing never removes anything from these lists inside the call.
void service::close_some(std::size_t count) {
    const auto plan = plan_;
    for (connection *at = first_; at != nullptr && count > 0; at = at->next) {
        if (!at->live()) continue;
        at->close(plan->code, plan->reason);
        --count;
    }
    for (const auto &guest : guests_) {
        if (count == 0) return;
        if (guest->close(plan->code, plan->reason) == status::ok) --count;
    }
}

void service::report_empty() {
    if (!plan_ || std::exchange(reported_empty_, true)) return;
    if (plan_->busy_services.fetch_sub(1) == 1) plan_->over();
}

} // namespace cryo_core
