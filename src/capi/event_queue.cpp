#include "capi/event_queue.h"

#include "base/log.h"
#include "capi/event_lane.h"
#include "capi/handle_table.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace cryo_core::capi {

event::~event() {
    if (handle != nullptr) remove_handle(handle_type::event, handle);
    if (fields.session != nullptr) cryo_session_release(fields.session);
}

bool event_queue::push(const event_fields &what) {
    const std::size_t size = event_block::size_of(what);
    const lock held(mutex_);
    if (closed()) return false;
    const bool was_empty = empty();
    const bool holds = what.session != nullptr;
    if (!was_empty && waiting_.back().has_room_for(size)) {
        waiting_.back().append(what, holds);
    } else {
        auto added = std::make_unique<event_block>(std::max(size, smallest_block));
        added->append(what, holds);
        waiting_.push_back(std::move(added));
    }
    arrived(1, what.data.size(), was_empty);
    return true;
}

void event_queue::push(const event_fields &what, bool holds, net::loop &on) {
    event_lane::of(*this, on).put(what, holds);
}

std::uint32_t event_queue::take_in(std::unique_ptr<event_block> &from) noexcept {
    std::unique_ptr<event_block> dropped;
    const lock held(mutex_);
    if (closed()) {
        dropped = std::move(from);
        return 1;
    }
    const std::uint32_t count = from->count();
    const std::uint64_t bytes = from->data_bytes();
    const bool was_empty = empty();
    // A block that is hardly used would hold many times what is counted.
    if (was_empty || !waiting_.back().take_over(*from)) {
        waiting_.push_back(std::move(from));
        for (auto &one : spare_)
            if (one != nullptr && from == nullptr) from = std::move(one);
    }
    arrived(count, bytes, was_empty);
    return std::max<std::uint32_t>(max_events_ / 16, 1);
}

void event_queue::arrived(std::uint32_t events, std::uint64_t bytes, bool was_empty) noexcept {
    events_ += events;
    bytes_ += bytes;
    if (was_empty && watched_ && !std::exchange(signaled_, true)) wake_.signal();
    if (events_ > max_events_ || bytes_ > max_bytes_) congested_.store(true, std::memory_order_release);
    if (waiters_ > 0) arrived_.notify_one();
}

event_queue::outcome event_queue::wait(lock &held, std::int32_t timeout_ms) {
    const auto ready = [this] { return closed() || wakes_ > 0 || !empty(); };
    if (!ready()) {
        if (timeout_ms == 0) return outcome::timeout;
        ++waiters_;
        bool came = true;
        if (timeout_ms < 0)
            arrived_.wait(held, ready);
        else
            came = arrived_.wait_for(held, std::chrono::milliseconds(timeout_ms), ready);
        --waiters_;
        if (!came) return outcome::timeout;
    }
    if (closed()) return outcome::closed;
    if (wakes_ == 0) return outcome::event;
    if (--wakes_ == 0 && empty() && std::exchange(signaled_, false)) wake_.clear();
    return outcome::woken;
}

// Behind the taking of some. Whom to tell, without the lock, that there is room again.
std::shared_ptr<const event_queue::listeners> event_queue::taken(std::uint32_t events,
                                                                 std::uint64_t bytes) noexcept {
    events_ -= events;
    bytes_ -= bytes;
    if (empty() && wakes_ == 0 && std::exchange(signaled_, false)) wake_.clear();
    if (!empty() && waiters_ > 0) arrived_.notify_one(); // who came for what is left
    // Half empty before reading goes on, so that it does not stop and go with every event.
    if (!congested_ || events_ > max_events_ / 2 || bytes_ > max_bytes_ / 2) return nullptr;
    congested_.store(false, std::memory_order_release);
    return listeners_;
}

event_queue::outcome event_queue::next(std::int32_t timeout_ms, std::unique_ptr<event> &out) {
    auto made = std::make_unique<event>(); // what needs memory comes before anything is taken
    made->handle = static_cast<cryo_event *>(add_handle(handle_type::event, static_cast<void *>(made.get())));
    std::shared_ptr<const listeners> told;
    {
        lock held(mutex_);
        const outcome came = wait(held, timeout_ms);
        if (came != outcome::event) return came;
        event_block &from = waiting_.front();
        const event_fields first = from.first();
        const bool was_held = from.holds_first();
        made->text = first.text;
        if (from.count() > 1) {
            made->content = std::make_unique<event_block>(event_block::size_of(first));
            made->content->append(first, false);
            made->fields = made->content->first();
            from.drop_first();
        } else {
            made->content = waiting_.pop_front();
            made->fields = first;
            made->content->drop_first();
        }
        if (first.session != nullptr && !was_held) made->fields.session = cryo_session_retain(first.session);
        told = taken(1, first.data.size());
    }
    tell(told);
    out = std::move(made);
    return outcome::event;
}

std::unique_ptr<event_block> event_queue::take_block(std::uint32_t most) {
    event_block &first = waiting_.front();
    if (most == 0 || first.count() <= most) return waiting_.pop_front();
    auto some = std::make_unique<event_block>(first.capacity());
    some->take_first(first, most);
    return some;
}

event_queue::outcome event_queue::next_many(std::int32_t timeout_ms, std::uint32_t most, bytes_view &out) {
    std::shared_ptr<const listeners> told;
    {
        lock held(mutex_);
        gives_batches_.store(true, std::memory_order_relaxed);
        const outcome came = wait(held, timeout_ms);
        if (came != outcome::event) return came;
        auto block = take_block(most);
        out = block->as_batch();
        told = taken(block->count(), block->data_bytes());
        out_.push_back(std::move(block));
    }
    tell(told);
    return outcome::event;
}

// A closed event holds its session for those that were taken before it, too: so what was taken first goes
// first.
bool event_queue::give_back(const std::uint8_t *batch) noexcept {
    block_list done; // let go of without the lock
    const lock held(mutex_);
    event_block *const found = out_.find(batch);
    if (found == nullptr) return false;
    found->given_back = true;
    while (!out_.empty() && out_.front().given_back) {
        auto block = out_.pop_front();
        if (block->capacity() == event_block::room_in_front + usual_block && block->holds_nothing()) {
            block->clear();
            const auto place = std::find(std::begin(spare_), std::end(spare_), nullptr);
            if (place != std::end(spare_)) {
                *place = std::move(block);
                continue;
            }
        }
        done.push_back(std::move(block));
    }
    return true;
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
    const lock held(mutex_);
    ++wakes_;
    if (watched_ && !std::exchange(signaled_, true)) wake_.signal();
    if (waiters_ > 0) arrived_.notify_one();
}

int event_queue::watched_fd() noexcept {
    const lock held(mutex_);
    watched_ = true;
    if ((!empty() || wakes_ > 0 || closed()) && !std::exchange(signaled_, true)) wake_.signal();
    return wake_.fd();
}

void event_queue::close() noexcept {
    std::shared_ptr<const listeners> told;
    {
        const lock held(mutex_);
        closed_.store(true, std::memory_order_release);
        congested_.store(false, std::memory_order_release);
        told = std::move(listeners_);
        if (watched_) wake_.signal();
        arrived_.notify_all();
    }
    // One by one and without the lock: each may run finalizers, which may call anything.
    for (;;) {
        std::unique_ptr<event_block> dropped;
        bool waits = false;
        {
            const lock held(mutex_);
            if (waiting_.empty() && out_.empty()) break;
            waits = !waiting_.empty();
            dropped = (waits ? waiting_ : out_).pop_front();
        }
        if (waits) dropped->refuse_all();
    }
    tell(told);
}

void event_queue::set_capacity(std::uint32_t events, std::uint64_t bytes) {
    const lock held(mutex_);
    max_events_ = events;
    max_bytes_ = bytes;
}

void event_queue::add_listener(listener told_of_room) {
    const lock held(mutex_);
    if (!listeners_) return; // closed: never congested
    auto all = std::make_shared<listeners>();
    for (const listener &one : *listeners_)
        if (one()) all->push_back(one); // not those of servers that are gone
    all->push_back(std::move(told_of_room));
    listeners_ = std::move(all);
}

} // namespace cryo_core::capi
