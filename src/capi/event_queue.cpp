#include "capi/event_queue.h"

#include "base/log.h"
#include "capi/handle_table.h"

#include <chrono>
#include <utility>

namespace cryo_core::capi {

event::~event() {
    if (handle != nullptr) remove_handle(handle_type::event, handle);
    if (session != nullptr) cryo_session_release(session);
    if (auth != nullptr && !taken) cryo_auth_reject(auth, nullptr);
    if (hook != nullptr && !taken) cryo_hook_fail(hook, "nobody pulled its ticket out of the queue");
    if (token_request != nullptr && !taken)
        cryo_token_fail(token_request, "nobody pulled its ticket out of the queue");
}

bool event_queue::push(std::unique_ptr<event> what) {
    what->handle = static_cast<cryo_event *>(add_handle(handle_type::event, static_cast<void *>(what.get())));
    const std::size_t size = what->data.size();
    {
        const std::lock_guard lock(mutex_);
        if (closed_) return false;
        waiting_.push_back(std::move(what));
        bytes_ += size;
        if (waiting_.size() == 1) wake_.signal();
        if (waiting_.size() > max_events_ || bytes_ > max_bytes_)
            congested_.store(true, std::memory_order_release);
    }
    arrived_.notify_one();
    return true;
}

event_queue::outcome event_queue::next(std::int32_t timeout_ms, std::unique_ptr<event> &out) {
    std::shared_ptr<const listeners> told;
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
        out = take_one();
        out->taken = true;
        if (waiting_.empty()) wake_.clear();
        // Half empty before reading goes on, so that it does not stop and go with every event.
        if (congested_ && waiting_.size() <= max_events_ / 2 && bytes_ <= max_bytes_ / 2) {
            congested_.store(false, std::memory_order_release);
            told = listeners_;
        }
    }
    tell(told);
    return outcome::event;
}

std::unique_ptr<event> event_queue::take_one() noexcept {
    auto first = std::move(waiting_.front());
    waiting_.pop_front();
    bytes_ -= first->data.size();
    return first;
}

void event_queue::tell(const std::shared_ptr<const listeners> &all) noexcept {
    if (!all) return;
    for (const listener &one : *all)
        try {
            one();
        } catch (...) { // its sessions look for themselves at their next tick
            log(log_level::error, "Memory ran out; sessions are read from later than they could be.");
        }
}

void event_queue::wake() {
    {
        const std::lock_guard lock(mutex_);
        ++wakes_;
        wake_.signal();
    }
    arrived_.notify_one();
}

void event_queue::close() noexcept {
    std::shared_ptr<const listeners> told;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        congested_.store(false, std::memory_order_release);
        told = std::move(listeners_);
        wake_.signal();
    }
    arrived_.notify_all();
    // One by one and without the lock: each may run finalizers, which may call anything.
    for (;;) {
        std::unique_ptr<event> dropped;
        const std::lock_guard lock(mutex_);
        if (waiting_.empty()) break;
        dropped = take_one();
    }
    tell(told);
}

void event_queue::set_capacity(std::uint32_t events, std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    max_events_ = events;
    max_bytes_ = bytes;
}

void event_queue::add_listener(listener told_of_room) {
    const std::lock_guard lock(mutex_);
    if (!listeners_) return; // closed: never congested
    auto all = std::make_shared<listeners>();
    for (const listener &one : *listeners_)
        if (one()) all->push_back(one); // not those of servers that are gone
    all->push_back(std::move(told_of_room));
    listeners_ = std::move(all);
}

} // namespace cryo_core::capi
