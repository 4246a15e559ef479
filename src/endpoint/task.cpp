#include "endpoint/task.h"

#include "net/loop.h"

#include <utility>

namespace cryo_core {

struct task_timers::waiting final : timer {
    waiting(task_timers &owner, time_us at, std::unique_ptr<task> one) noexcept
        : of(owner), when(at), what(std::move(one)) {}
    void on_deadline(time_us) override {
        all self; // what it leads to may end the rest
        self.splice(self.begin(), of.waiting_, place);
        what->run();
    }

    task_timers &of;
    const time_us when;
    const std::unique_ptr<task> what;
    all::iterator place;
};

task_timers::task_timers(std::shared_ptr<net::loop> on) noexcept : loop_(std::move(on)) {}

task_timers::~task_timers() {
    end();
}

void task_timers::add(time_us when, std::unique_ptr<task> what) {
    if (ended_) return;
    all added;
    added.push_back(std::make_unique<waiting>(*this, when, std::move(what)));
    waiting &one = *added.front();
    one.place = added.begin();
    waiting_.splice(waiting_.end(), added);
    loop_->set_deadline(one, when);
}

void task_timers::leave() noexcept {
    for (const auto &one : waiting_)
        loop_->cancel(*one);
}

void task_timers::arrive(std::shared_ptr<net::loop> on) noexcept {
    loop_ = std::move(on);
    for (const auto &one : waiting_)
        loop_->set_deadline(*one, one->when);
}

// One by one: what is destroyed may ask for more.
void task_timers::end() noexcept {
    ended_ = true;
    while (!waiting_.empty()) {
        all first;
        first.splice(first.begin(), waiting_, waiting_.begin());
        loop_->cancel(*first.front());
    }
}

} // namespace cryo_core
