// A client's extensions: added and removed at any time, its loop works with a list of its own.
#include "client/client.h"

namespace cryo_core {

failure client::add_extension(const std::shared_ptr<extension> &added,
                              const std::function<void()> &registered) {
    {
        const std::lock_guard lock(extensions_mutex_);
        if (!extensions_.add(added))
            return {status::exists, "There is an extension named \"" + added->name() + "\" already."};
    }
    registered();
    extension_source former; // whose extensions may go with it, without the lock
    const std::lock_guard lock(extensions_mutex_);
    hand_out_extensions(former);
    return {};
}

failure client::remove_extension(std::string_view name) {
    extension_source former;
    std::shared_ptr<extension> removed;
    const std::lock_guard lock(extensions_mutex_);
    removed = extensions_.remove(name);
    if (!removed) return {status::not_found, "There is no extension named \"" + std::string(name) + "\"."};
    hand_out_extensions(former);
    return {};
}

std::shared_ptr<extension> client::find_extension(std::string_view name) const {
    const std::lock_guard lock(extensions_mutex_);
    return extensions_.find(name);
}

void client::hand_out_extensions(extension_source &former) {
    extension_source now{extensions_.list()};
    if (!started_ || hub_->loop()->in_thread())
        former = std::exchange(asked_, std::move(now));
    else
        hub_->post([self = shared_from_this(), now] { self->asked_ = now; });
}

} // namespace cryo_core
