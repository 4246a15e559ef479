// A server's extensions: added and removed at any time, each loop works with a list of its own.
#include "server/server.h"

namespace cryo_core {

failure server::add_extension(const std::shared_ptr<extension> &added,
                              const std::function<void()> &registered) {
    return extensions_.add(added, registered,
                           [this](extension_source &former) { hand_out_extensions(former); });
}

failure server::remove_extension(std::string_view name) {
    return extensions_.remove(name, [this](extension_source &former) { hand_out_extensions(former); });
}

std::shared_ptr<extension> server::find_extension(std::string_view name) const {
    return extensions_.find(name);
}

// On the thread of a loop, at once for that loop: what it sends next meets them.
void server::hand_out_extensions(extension_source &former) {
    const extension_source now = extensions_.list();
    for (const auto &one : services_) {
        if (one->loop()->in_thread())
            former = one->extensions(now);
        else
            one->post([now](service &at) { at.extensions(now); });
    }
}

// Nothing runs any more.
void server::let_go_of_extensions() noexcept {
    for (const auto &one : services_)
        one->extensions({});
    extensions_.clear();
}

} // namespace cryo_core
