#include "capi/event_queue.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace cryo_core::capi {

event::~event() {
    if (session != nullptr) cryo_session_release(session);
    if (auth != nullptr && !taken) cryo_auth_reject(auth, nullptr);
}

bool event_queue::push(std::unique_ptr<event> what) {
    {
        const std::lock_guard lock(mutex_);
        if (closed_) return false;
        bytes_ += what->data.size();
        waiting_.push_back(std::move(what));
        if (waiting_.size() == 1) wake_.signal();
        if (waiting_.size() > max_events_ || bytes_ > max_bytes_)
            congested_.store(true, std::memory_order_release);
    }
    arrived_.notify_one();
    return true;
}

event_queue::outcome event_queue::next(std::int32_t timeout_ms, std::unique_ptr<event> &out) {
    std::vector<listener> tell;
    {
        std::unique_lock lock(mutex_);
        const auto ready = [this] { return closed_ || wakes_ > 0 || !waiting_.empty(); };
        if (timeout_ms < 0)
            arrived_.wait(lock, ready);
        else if (!arrived_.wait_for(lock, std::chrono::milliseconds(timeout_ms), ready))
            return outcome::timeout;
        if (closed_) return outcome::closed;
        if (wakes_ > 0) {
            if (--wakes_ == 0 && waiting_.empty()) wake_.clear();
            return outcome::woken;
        }
        out = std::move(waiting_.front());
        waiting_.pop_front();
        out->taken = true;
        bytes_ -= out->data.size();
        if (waiting_.empty()) wake_.clear();
        // Half empty before reading goes on, so that it does not stop and go with every event.
        if (congested_ && waiting_.size() <= max_events_ / 2 && bytes_ <= max_bytes_ / 2) {
            congested_.store(false, std::memory_order_release);
            tell = listeners_;
        }
    }
    for (const listener &one : tell)
        one();
    return outcome::event;
}

void event_queue::wake() {
    {
        const std::lock_guard lock(mutex_);
        ++wakes_;
        wake_.signal();
    }
    arrived_.notify_one();
}

void event_queue::close() {
    std::deque<std::unique_ptr<event>> dropped;
    std::vector<listener> tell;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        dropped = std::exchange(waiting_, {});
        bytes_ = 0;
        congested_.store(false, std::memory_order_release);
        tell = std::exchange(listeners_, {});
        wake_.signal();
    }
    arrived_.notify_all();
    dropped.clear();
    for (const listener &one : tell)
        one();
}

void event_queue::set_capacity(std::uint32_t events, std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    max_events_ = events;
    max_bytes_ = bytes;
}

void event_queue::add_listener(listener told_of_room) {
    const std::lock_guard lock(mutex_);
    std::erase_if(listeners_, [](const listener &one) { return !one(); }); // those of servers that are gone
    listeners_.push_back(std::move(told_of_room));
}

} // namespace cryo_core::capi
