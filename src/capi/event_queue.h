// The queue behind cryo_queue: events from any service thread in, pulled out by any thread of the
// application.
#pragma once

#include "base/byte_buffer.h"
#include "cryo.h"
#include "net/wake_fd.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace cryo_core::capi {

// What cryo_event stands for.
struct event {
    std::int32_t kind = 0;
    cryo_event *handle = nullptr;    // from push on: taking it out needs no memory
    cryo_session *session = nullptr; // retained
    cryo_auth *auth = nullptr;
    cryo_hook *hook = nullptr;
    cryo_token_request *token_request = nullptr;
    std::uint64_t receipt = 0;
    std::uint64_t message_id = 0;
    std::int32_t message_kind = 0;
    std::int32_t code = 0;
    std::int32_t http_status = 0;
    byte_buffer data;
    std::string text;
    double value = 0;
    bool taken = false; // by the application: a ticket is its concern from then on

    event() = default;
    event(const event &) = delete;
    event &operator=(const event &) = delete;
    ~event();
};

class event_queue {
  public:
    // Whom to tell that a congested queue has room again: false when it is gone.
    using listener = std::function<bool()>;

    event_queue() = default;
    event_queue(const event_queue &) = delete;
    event_queue &operator=(const event_queue &) = delete;
    ~event_queue() { close(); }

    // False: the queue was freed. If it throws, the event is gone.
    bool push(std::unique_ptr<event> what);

    enum class outcome { event, timeout, woken, closed };
    outcome next(std::int32_t timeout_ms, std::unique_ptr<event> &out);
    void wake();
    void close() noexcept;

    void set_capacity(std::uint32_t events, std::uint64_t bytes);
    bool congested() const noexcept { return congested_.load(std::memory_order_acquire); }
    void add_listener(listener told_of_room);

    int fd() const noexcept { return wake_.fd(); }

  private:
    using listeners = std::vector<listener>;
    std::unique_ptr<event> take_one() noexcept;
    static void tell(const std::shared_ptr<const listeners> &all) noexcept;

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::unique_ptr<event>> waiting_;
    std::shared_ptr<const listeners> listeners_ = std::make_shared<const listeners>();
    std::uint64_t bytes_ = 0;
    std::uint64_t max_bytes_ = 64 * 1024 * 1024;
    std::uint32_t max_events_ = 16384;
    std::uint32_t wakes_ = 0;
    std::atomic<bool> congested_{false};
    bool closed_ = false;
    net::wake_fd wake_;
};

} // namespace cryo_core::capi
