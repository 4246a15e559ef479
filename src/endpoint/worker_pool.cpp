#include "endpoint/worker_pool.h"

#include "base/thread.h"

#include <algorithm>
#include <utility>

namespace cryo_core {

// Held by each thread as well: one that frees the last of everything outlives the object.
struct worker_pool::shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::unique_ptr<work>> waiting;
    std::size_t idle = 0; // threads that wait for work
    bool stopping = false;
};

std::size_t worker_pool::most() noexcept {
    // Asked for once: the C library reads it out of a file each time.
    static const std::size_t found = std::clamp(std::thread::hardware_concurrency() / 2, 1U, 4U);
    return found;
}

void worker_pool::put(std::unique_ptr<work> piece) {
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) return;
        if (!shared_) shared_ = std::make_shared<shared>();
        if (somebody_serves()) {
            {
                const std::lock_guard queue(shared_->mutex);
                shared_->waiting.push_back(std::move(piece));
            }
            return shared_->changed.notify_one(); // who wakes wants the queue at once
        }
    }
    work &that = *piece;
    that.run(std::move(piece));
}

// One more thread where all are busy and there may be more.
bool worker_pool::somebody_serves() noexcept {
    bool busy = false;
    {
        const std::lock_guard queue(shared_->mutex);
        busy = shared_->idle <= shared_->waiting.size();
    }
    const bool hired = busy && threads_.size() < most() && hire();
    return hired || !threads_.empty();
}

bool worker_pool::hire() noexcept {
    try {
        threads_.reserve(most());
        const auto number = static_cast<unsigned>(threads_.size());
        threads_.push_back(start_thread({"cryo-worker", number}, [all = shared_] { serve(all); }));
        return true;
    } catch (...) { // no memory, or no more threads from the system
        return false;
    }
}

void worker_pool::serve(const std::shared_ptr<shared> &from) noexcept {
    std::unique_lock lock(from->mutex);
    for (;;) {
        ++from->idle;
        from->changed.wait(lock, [&] { return from->stopping || !from->waiting.empty(); });
        --from->idle;
        if (from->stopping) return;
        std::unique_ptr<work> next = std::move(from->waiting.front());
        from->waiting.pop_front();
        lock.unlock();
        work &that = *next;
        that.run(std::move(next));
        lock.lock();
    }
}

void worker_pool::stop() noexcept {
    std::vector<std::thread> threads;
    std::shared_ptr<shared> dropped; // without a lock: what waits may hold the last of a session
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        threads.swap(threads_);
        dropped.swap(shared_);
    }
    if (dropped) {
        const std::lock_guard queue(dropped->mutex);
        dropped->stopping = true;
        dropped->changed.notify_all();
    }
    for (std::thread &thread : threads) {
        if (thread.get_id() == std::this_thread::get_id())
            thread.detach(); // freed from inside: it is on its way out
        else
            thread.join();
    }
}

} // namespace cryo_core
