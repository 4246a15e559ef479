#include "endpoint/extension_registry.h"

#include <algorithm>
#include <utility>

namespace cryo_core {

bool extension_registry::add(const std::shared_ptr<extension> &added) {
    if (find(added->name())) return false;
    all_.push_back(added);
    return true;
}

std::shared_ptr<extension> extension_registry::remove(std::string_view name) noexcept {
    auto found = find(name);
    if (!found) return nullptr;
    all_.erase(std::find(all_.begin(), all_.end(), found));
    found->remove();
    return found;
}

std::shared_ptr<extension> extension_registry::find(std::string_view name) const noexcept {
    for (const auto &one : all_)
        if (one->name() == name) return one;
    return nullptr;
}

std::shared_ptr<const extension_list> extension_registry::list() const {
    return all_.empty() ? nullptr : std::make_shared<const extension_list>(all_);
}

} // namespace cryo_core
