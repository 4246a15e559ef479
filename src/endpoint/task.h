// Something of the application's that is to run once, on a thread of the library's, now or at a time.
#pragma once

#include "base/timer_heap.h"

#include <list>
#include <memory>

namespace cryo_core {

namespace net {
class loop;
}

// Destroyed without having run: it never will.
class task {
  public:
    task() noexcept = default;
    task(const task &) = delete;
    task &operator=(const task &) = delete;
    virtual ~task() = default;
    virtual void run() noexcept = 0;
};

// Those that wait for their time, on one loop. All calls are on its thread.
class task_timers {
  public:
    explicit task_timers(std::shared_ptr<net::loop> on) noexcept;
    ~task_timers();
    task_timers(const task_timers &) = delete;
    task_timers &operator=(const task_timers &) = delete;

    void add(time_us when, std::unique_ptr<task> what);
    // They go on on another loop: to be taken from the one, on its thread, and put on the other one, on its.
    void leave() noexcept;
    void arrive(std::shared_ptr<net::loop> on) noexcept;
    // None of them runs, nor any that is added later.
    void end() noexcept;

  private:
    struct waiting;
    using all = std::list<std::unique_ptr<waiting>>;

    std::shared_ptr<net::loop> loop_;
    all waiting_;
    bool ended_ = false;
};

} // namespace cryo_core
