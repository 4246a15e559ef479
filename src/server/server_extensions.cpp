// A server's extensions: added and removed at any time, each loop works with a list of its own.
#include "server/server.h"

namespace cryo_core {

failure server::add_extension(const std::shared_ptr<extension> &added,
                              const std::function<void()> &registered) {
    {
        const std::lock_guard lock(mutex_);
        if (!extensions_.add(added))
            return {status::exists, "There is an extension named \"" + added->name() + "\" already."};
    }
    registered();
    extension_source former; // whose extensions may go with it, without the lock
    const std::lock_guard lock(mutex_);
    hand_out_extensions(former);
    return {};
}

failure server::remove_extension(std::string_view name) {
    extension_source former;
    std::shared_ptr<extension> removed;
    const std::lock_guard lock(mutex_);
    removed = extensions_.remove(name);
    if (!removed) return {status::not_found, "There is no extension named \"" + std::string(name) + "\"."};
    hand_out_extensions(former);
    return {};
}

std::shared_ptr<extension> server::find_extension(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    return extensions_.find(name);
}

// On the thread of a loop, at once for that loop: what it sends next meets them.
void server::hand_out_extensions(extension_source &former) {
    const extension_source now{extensions_.list()};
    for (const auto &one : services_) {
        if (one->loop()->in_thread())
            former = one->extensions(now);
        else
            one->post([now](service &at) { at.extensions(now); });
    }
}

// Nothing runs any more.
void server::let_go_of_extensions() noexcept {
    extension_registry gone;
    for (const auto &one : services_)
        one->extensions({});
    const std::lock_guard lock(mutex_);
    std::swap(gone, extensions_);
}

} // namespace cryo_core
