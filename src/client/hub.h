// A loop that clients live on: on a thread of its own, or run by the application.
#pragma once

#include "endpoint/worker_pool.h"
#include "net/loop.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace cryo_core {

// Tells those who wait for the end of a client. It outlives the hub for who rings it: a hub whose last holder
// is its own thread cannot wait for that thread.
class bell {
  public:
    void ring() noexcept {
        const std::lock_guard lock(mutex);
        changed.notify_all();
    }

    std::mutex mutex;
    std::condition_variable changed;
};

class hub final : public net::link_acceptor, public std::enable_shared_from_this<hub> {
    struct key {};

  public:
    // The one with a thread that clients share who have no other. It comes with the first and goes with the
    // last of them. null: `why` says why.
    static std::shared_ptr<hub> common(failure &why);
    // One that the application runs.
    static std::shared_ptr<hub> own(failure &why);

    explicit hub(key) noexcept {}
    ~hub() override;
    hub(const hub &) = delete;
    hub &operator=(const hub &) = delete;

    const std::shared_ptr<net::loop> &loop() const noexcept { return loop_; }
    worker_pool &workers() noexcept { return workers_; }
    bool has_thread() const noexcept { return has_thread_; }

    // From any thread: runs on the loop's. False: the loop has ended.
    bool post(std::function<void()> action);

    // Where the application runs it. status::state: it is running already, or has a thread.
    failure run_once(std::int32_t timeout_ms) noexcept;

    // Until done() is true, which is looked at whenever the bell rings; where there is no thread, runs the
    // loop meanwhile. Not on the loop's thread. False: the time is over (-1: never).
    bool wait(std::int32_t timeout_ms, const std::function<bool()> &done);
    const std::shared_ptr<class bell> &bell() const noexcept { return bell_; }

  private:
    static std::shared_ptr<hub> make(failure &why);
    net::link_handler *on_link(net::link &) override { return nullptr; } // it listens nowhere

    std::shared_ptr<net::loop> loop_;
    std::thread thread_;
    worker_pool workers_;
    const std::shared_ptr<class bell> bell_ = std::make_shared<class bell>();
    std::atomic<bool> running_{false};
    bool has_thread_ = false;
};

} // namespace cryo_core
