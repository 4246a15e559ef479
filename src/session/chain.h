// The way of a session's messages, in one direction, through the extensions: one message at a time, so that
// their order stays.
#pragma once

#include "base/pooled_queue.h"
#include "session/extension.h"

#include <memory>
#include <string_view>

namespace cryo_core {

// Whom a chain hands its messages back to. May call back into it.
class chain_events {
  public:
    virtual void on_passed(hook_direction direction, data_frame &&frame, time_us now) = 0;
    virtual void on_vetoed(hook_direction direction, data_frame &&frame, std::string_view by) = 0;

  protected:
    ~chain_events() = default;
};

class chain {
  public:
    chain(hook_direction direction, const extension_source &source, void *context, chain_events &out) noexcept
        : source_(source), context_(context), out_(out), direction_(direction) {}
    chain(const chain &) = delete;
    chain &operator=(const chain &) = delete;
    ~chain() { cancel(); }

    // Whether a message has to go this way: an extension wants to see it, or others that came before are
    // here.
    bool concerns(message_kind kind) const noexcept;

    // Behind those that are here. If it throws, `frame` is as it was.
    void put(data_frame &&frame);
    // While it is held, nothing is handed back.
    void hold(bool on) noexcept { held_ = on; }
    // Goes on as far as the answers that are there allow.
    void run(time_us now);
    // Ends the wait for an answer whose time is over.
    void tick(time_us now);
    time_us deadline() const noexcept { return deadline_; }

    // Everything that is here, the oldest first. Tickets that are out are void from then on.
    bool any() const noexcept { return has_current_ || !waiting_.empty(); }
    data_frame take() noexcept;

    std::uint32_t count() const noexcept { return waiting_.size() + (has_current_ ? 1 : 0); }
    std::uint64_t bytes() const noexcept { return bytes_; }

  private:
    void begin_next() noexcept;
    bool go_on(time_us now);
    bool ask(time_us now);
    bool apply();
    bool failed(std::string_view why);
    data_frame take_current() noexcept;
    void cancel() noexcept;

    const extension_source &source_;
    void *const context_;
    chain_events &out_;
    pooled_queue<data_frame> waiting_;
    data_frame current_{};
    std::shared_ptr<const extension_list> list_; // as it was when the current one began
    std::shared_ptr<hook_ticket> ticket_;        // out
    time_us deadline_ = never;                   // of the ticket
    std::uint64_t bytes_ = 0;
    std::size_t at_ = 0; // in the list
    const hook_direction direction_;
    bool has_current_ = false;
    bool running_ = false;
    bool held_ = false;
};

} // namespace cryo_core
