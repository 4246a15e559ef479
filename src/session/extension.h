// What looks at messages on their way, and the ticket on which it answers.
#pragma once

#include "base/clock.h"
#include "session/data_frame.h"

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cryo_core {

enum class hook_direction : std::int32_t { before_send = 1, on_receive = 2 };

// One message in the hands of one extension.
class hook_ticket final : public std::enable_shared_from_this<hook_ticket> {
  public:
    enum class answer : std::uint8_t { none, settling, pass, replace, stop, fail, over };

    hook_ticket(hook_direction direction, message_kind kind, shared_bytes data) noexcept
        : data_(std::move(data)), direction_(direction), kind_(kind) {}
    hook_ticket(const hook_ticket &) = delete;
    hook_ticket &operator=(const hook_ticket &) = delete;

    hook_direction direction() const noexcept { return direction_; }
    message_kind kind() const noexcept { return kind_; }
    bytes_view data() const noexcept { return data_.view(); }

    // --- any thread, once: false when it is too late. The session has to be told (session::hooks_settled),
    // unless this is inside extension::ask.
    bool settle(answer how, shared_bytes replacement = {}, std::string reason = {}) noexcept;
    void
    settle_failed(std::string_view why) noexcept; // the same, whether there is memory for the reason or not
    bool open() const noexcept { return answer_.load(std::memory_order_acquire) == answer::none; }

    // --- the session's -----------------------------------------------------------------------------------
    // Nobody's answer is waited for any more. False: it was given, or is being given.
    bool expire() noexcept;
    // Around extension::ask.
    void set_being_asked(bool asked) noexcept { being_asked_ = asked; }
    bool being_asked() const noexcept { return being_asked_; }
    // none: it is not there yet.
    answer settled() const noexcept {
        const answer given = answer_.load(std::memory_order_acquire);
        return given == answer::settling ? answer::none : given;
    }
    shared_bytes take_replacement() noexcept { return std::move(replacement_); }
    const std::string &reason() const noexcept { return reason_; }

    // What the boundary keeps with it (src/capi); freed with it.
    class attachment {
      public:
        virtual ~attachment() = default;
    };
    std::unique_ptr<attachment> attached;

  private:
    const shared_bytes data_;
    shared_bytes replacement_;
    std::string reason_; // of a failure
    std::atomic<answer> answer_{answer::none};
    const hook_direction direction_;
    const message_kind kind_;
    bool being_asked_ = false;
};

class extension {
  public:
    virtual ~extension() = default;

    virtual const std::string &name() const noexcept = 0;
    virtual bool wants(hook_direction direction, message_kind kind) const noexcept = 0;
    virtual time_us timeout() const noexcept = 0;
    // What becomes of a message whose hook failed.
    virtual bool passes_on_failure() const noexcept = 0;
    // Shows it a message of the session that `context` stands for (see extension_source). It settles the
    // ticket, in this call or later.
    virtual void ask(const std::shared_ptr<hook_ticket> &ticket, void *context) noexcept = 0;

    // Messages pass it by from now on.
    void remove() noexcept { removed_.store(true, std::memory_order_release); }
    bool removed() const noexcept { return removed_.load(std::memory_order_acquire); }

  private:
    std::atomic<bool> removed_{false};
};

// In the order in which they are asked.
using extension_list = std::vector<std::shared_ptr<extension>>;

// Where the sessions of one loop find them; changed on that loop's thread only. Null: there are none.
struct extension_source {
    std::shared_ptr<const extension_list> list;
};

} // namespace cryo_core
