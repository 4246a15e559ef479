// The queue behind cryo_queue: events from any service thread in, pulled out by any thread of the
// application, one at a time or many.
#pragma once

#include "capi/event_block.h"
#include "cryo.h"
#include "net/wake_fd.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace cryo_core::net {
class loop;
}

namespace cryo_core::capi {

// What cryo_event stands for: one event that was taken out by itself.
struct event {
    event_fields fields; // whose views lie in what follows
    cryo_event *handle = nullptr;
    std::unique_ptr<event_block> content; // in which it is alone
    std::string text;                     // NUL-terminated

    event() = default;
    event(const event &) = delete;
    event &operator=(const event &) = delete;
    ~event();
};

class event_queue : public std::enable_shared_from_this<event_queue> {
  public:
    // Whom to tell that a congested queue has room again: false when it is gone.
    using listener = std::function<bool()>;

    event_queue() = default;
    event_queue(const event_queue &) = delete;
    event_queue &operator=(const event_queue &) = delete;
    ~event_queue() { close(); }

    // At once. The session's reference is the queue's from here on. False, or if it throws: it is not.
    bool push(const event_fields &what);
    // On the thread of the loop that the session lives on, which gathers what is read in one iteration.
    // `holds`: as above, if it does not throw; else the session's closed event comes by this queue as well,
    // and holds it until then.
    void push(const event_fields &what, bool holds, net::loop &on);
    // Of event_lane: all of a block, which is empty afterwards, and may be another one, or null. Gives how
    // many events are to be gathered at most before the next time.
    std::uint32_t take_in(std::unique_ptr<event_block> &from) noexcept;

    enum class outcome { event, timeout, woken, closed };
    outcome next(std::int32_t timeout_ms, std::unique_ptr<event> &out);
    // Up to so many, 0: as many as lie together. They stay the caller's until give_back().
    outcome next_many(std::int32_t timeout_ms, std::uint32_t most, bytes_view &out);
    // False: it is none that the application has.
    bool give_back(const std::uint8_t *batch) noexcept;
    // Somebody takes batches: it is worth waiting a moment for what he says to them.
    bool gives_batches() const noexcept { return gives_batches_.load(std::memory_order_relaxed); }

    void wake();
    void close() noexcept;
    bool closed() const noexcept { return closed_.load(std::memory_order_acquire); }

    void set_capacity(std::uint32_t events, std::uint64_t bytes);
    bool congested() const noexcept { return congested_.load(std::memory_order_acquire); }
    void add_listener(listener told_of_room);

    // Readable while an event waits, from the first call on.
    int watched_fd() noexcept;

  private:
    using listeners = std::vector<listener>;
    using lock = std::unique_lock<std::mutex>;
    static void tell(const std::shared_ptr<const listeners> &all) noexcept;

    bool empty() const noexcept { return waiting_.empty(); }
    outcome wait(lock &held, std::int32_t timeout_ms);
    void arrived(std::uint32_t events, std::uint64_t bytes, bool was_empty) noexcept;
    std::shared_ptr<const listeners> taken(std::uint32_t events, std::uint64_t bytes) noexcept;
    std::unique_ptr<event_block> take_block(std::uint32_t most);

    std::mutex mutex_;
    std::condition_variable arrived_;
    block_list waiting_;
    block_list out_;                        // batches that the application has, in the order of taking
    std::unique_ptr<event_block> spare_[4]; // of the size that is used most
    std::shared_ptr<const listeners> listeners_ = std::make_shared<const listeners>();
    std::uint64_t bytes_ = 0;
    std::uint64_t max_bytes_ = 64 * 1024 * 1024;
    std::uint32_t events_ = 0;
    std::uint32_t max_events_ = 16384;
    std::uint32_t wakes_ = 0;
    std::uint32_t waiters_ = 0;
    bool watched_ = false;  // somebody has asked for the descriptor
    bool signaled_ = false; // and it is readable
    std::atomic<bool> congested_{false};
    std::atomic<bool> closed_{false};
    std::atomic<bool> gives_batches_{false};
    net::wake_fd wake_;
};

} // namespace cryo_core::capi
