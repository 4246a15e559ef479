// Hands values from a service thread's callback to the test, which waits for them and never sleeps.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stdexcept>

namespace cryo_test {

// Longer than anything takes, also under the sanitizers; only a failing test waits for it.
constexpr std::chrono::seconds patience{20};

template <typename T>
class mailbox {
  public:
    void put(T value) {
        const std::lock_guard lock(mutex_);
        values_.push_back(std::move(value));
        arrived_.notify_one(); // with the lock: whoever gets the value may destroy the mailbox at once
    }

    // The oldest value. Throws when none comes: the test fails then, and does not hang.
    T get() {
        std::unique_lock lock(mutex_);
        if (!arrived_.wait_for(lock, patience, [this] { return !values_.empty(); }))
            throw std::runtime_error("nothing came into the mailbox");
        T value = std::move(values_.front());
        values_.pop_front();
        return value;
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return values_.size();
    }

  private:
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<T> values_;
};

} // namespace cryo_test
