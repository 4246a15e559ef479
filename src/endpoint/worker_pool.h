// A few threads for what would hold a service thread up for a millisecond or more. They start with the first
// piece of work.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace cryo_core {

class work {
  public:
    work() noexcept = default;
    work(const work &) = delete;
    work &operator=(const work &) = delete;
    virtual ~work() = default;

    // On one of the threads, once. What happens to the object afterwards is for it to say.
    virtual void run(std::unique_ptr<work> self) noexcept = 0;
};

class worker_pool {
  public:
    worker_pool() = default;
    ~worker_pool() { stop(); }
    worker_pool(const worker_pool &) = delete;
    worker_pool &operator=(const worker_pool &) = delete;

    // From any thread. Where the system gives no thread, it is done at once. After stop(), not at all.
    void put(std::unique_ptr<work> piece);

    // Drops what has not begun and waits for what has.
    void stop() noexcept;

    // How many there may be: half of the processors, since the other half has services to run.
    static std::size_t most() noexcept;

  private:
    struct shared;
    bool somebody_serves() noexcept;
    bool hire() noexcept;
    static void serve(const std::shared_ptr<shared> &from) noexcept;

    std::mutex mutex_; // of what follows
    std::shared_ptr<shared> shared_;
    std::vector<std::thread> threads_;
    bool stopped_ = false;
};

} // namespace cryo_core
