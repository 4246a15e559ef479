// A loop that clients live on: on a thread of its own, or run by the application.
#pragma once

#include "endpoint/session_home.h"
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
class bell final : public end_watcher {
  public:
    void ring() noexcept {
        const std::lock_guard lock(mutex);
        changed.notify_all();
    }
    void on_end(const session_control &) noexcept override { ring(); }

    std::mutex mutex;
    std::condition_variable changed;
};

class hub final : public session_home, public net::link_acceptor, public std::enable_shared_from_this<hub> {
    struct key {};

  public:
    // The one with a thread that clients share who have no other. It comes with the first and goes with the
    // last of them. null: `why` says why.
    static std::shared_ptr<hub> common(failure &why);
    // One that the application runs.
    static std::shared_ptr<hub> own(failure &why);

    explicit hub(key) {}
    ~hub() override;
    hub(const hub &) = delete;
    hub &operator=(const hub &) = delete;

    const std::shared_ptr<net::loop> &loop() const noexcept override { return loop_; }
    worker_pool &workers() noexcept override { return workers_; }
    // Not the hub itself: its last holder must not be its own thread.
    std::shared_ptr<end_watcher> watcher() noexcept override { return bell_; }
    bool has_thread() const noexcept { return has_thread_; }

    // Where the application runs it. status::state: it is running already, or has a thread.
    failure run_once(std::int32_t timeout_ms) noexcept;

    // Until done() is true, which is looked at whenever the bell rings; where there is no thread, runs the
    // loop meanwhile. Not on the loop's thread. False: the time is over (-1: never).
    bool wait(std::int32_t timeout_ms, const std::function<bool()> &done);

  private:
    static std::shared_ptr<hub> make(failure &why);
    net::link_handler *on_link(net::link &) override { return nullptr; } // never: it accepts nothing

    std::shared_ptr<net::loop> loop_;
    std::thread thread_;
    worker_pool workers_;
    const std::shared_ptr<bell> bell_ = std::make_shared<bell>();
    std::unique_ptr<net::mail> end_mail_; // made in advance: going needs no memory
    std::atomic<bool> running_{false};
    bool has_thread_ = false;
};

} // namespace cryo_core
