// The object behind cryo_extension, and what a server or client gets of it: the settings as they were when it
// was added.
#pragma once

#include "capi/event_queue.h"
#include "capi/guard.h"
#include "session/extension.h"

#include <functional>

namespace cryo_core {
class session_control;
}

namespace cryo_core::capi {

// Who answers for one direction and kind: a function, or a queue from which the tickets are pulled.
struct hook_handler {
    cryo_hook_fn function = nullptr;
    std::shared_ptr<event_queue> queue;

    bool any() const noexcept { return function != nullptr || queue != nullptr; }
};

struct extension_settings {
    hook_handler handlers[2][2]; // by direction and kind
    time_us timeout = from_ms(5000);
    bool passes_on_failure = false; // a filter must not leak
    cryo_extension_fn on_register = nullptr;
    cryo_extension_fn on_unregister = nullptr;

    hook_handler &at(std::int32_t direction, std::int32_t kind) noexcept {
        return handlers[direction - 1][kind - 1];
    }
    const hook_handler &at(hook_direction direction, message_kind kind) const noexcept {
        return handlers[static_cast<int>(direction) - 1][static_cast<int>(kind) - 1];
    }
};

struct extension_object {
    std::string name;
    user_data user;
    extension_settings settings;
};

class added_extension final : public extension {
  public:
    explicit added_extension(std::shared_ptr<const extension_object> from)
        : from_(std::move(from)), settings_(from_->settings) {}
    ~added_extension() override; // nobody has a message for it any more

    const std::shared_ptr<const extension_object> &origin() const noexcept { return from_; }
    // The application is told that it was added, and will be that it went.
    void registered() noexcept;

    const std::string &name() const noexcept override { return from_->name; }
    bool wants(hook_direction direction, message_kind kind) const noexcept override {
        return settings_.at(direction, kind).any();
    }
    time_us timeout() const noexcept override { return settings_.timeout; }
    bool passes_on_failure() const noexcept override { return settings_.passes_on_failure; }
    void ask(const std::shared_ptr<hook_ticket> &ticket, void *context) noexcept override;

  private:
    void ask_function(hook_ticket &ticket, cryo_hook *handle, cryo_session *session);
    void ask_queue(hook_ticket &ticket, cryo_hook *handle, session_control &who);

    const std::shared_ptr<const extension_object> from_;
    const extension_settings settings_;
    bool registered_ = false;
};

// For a server and a client alike: body(extension) is the owner's add.
cryo_status add_extension(
    const char *function, const cryo_extension *handle,
    const std::function<failure(const std::shared_ptr<extension> &, const std::function<void()> &)> &add);
// The handle of what was found, if anything.
cryo_status give_extension(const char *function, const std::shared_ptr<extension> &found, const char *name,
                           cryo_extension **out);
// null: `name` is no name, and told.
cryo_status check_extension_name(const char *function, const char *name) noexcept;

} // namespace cryo_core::capi
