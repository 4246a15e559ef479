#include "endpoint/extension_registry.h"

#include <new>
#include <string>
#include <utility>

namespace cryo_core {

failure extension_registry::add(const std::shared_ptr<extension> &added,
                                const std::function<void()> &registered, const handing_out &hand_out) {
    {
        const std::lock_guard lock(guard_);
        if (place_of(added->name()) != nullptr)
            return {status::exists, "There is an extension named \"" + added->name() + "\" already."};
        all_.push_back(added);
    }
    registered();
    extension_source former;
    std::shared_ptr<extension> failed;
    const std::lock_guard lock(guard_);
    try {
        hand_out(former);
    } catch (...) { // some loops may have it already
        failed = take_out(added->name());
        throw;
    }
    return {};
}

failure extension_registry::remove(std::string_view name, const handing_out &hand_out) {
    extension_source former;
    std::shared_ptr<extension> removed;
    const std::lock_guard lock(guard_);
    removed = take_out(name);
    if (!removed) return {status::not_found, "There is no extension named \"" + std::string(name) + "\"."};
    try {
        hand_out(former);
    } catch (const std::bad_alloc
                 &) { // loops have it in their lists until the next one, and do not ask it any more
    }
    return {};
}

std::shared_ptr<extension> extension_registry::find(std::string_view name) const {
    const std::lock_guard lock(guard_);
    const auto *const place = place_of(name);
    return place == nullptr ? nullptr : *place;
}

void extension_registry::clear() noexcept {
    extension_list gone;
    const std::lock_guard lock(guard_);
    std::swap(gone, all_);
}

extension_source extension_registry::list() const {
    return {all_.empty() ? nullptr : std::make_shared<const extension_list>(all_)};
}

std::shared_ptr<extension> extension_registry::take_out(std::string_view name) noexcept {
    const auto *const place = place_of(name);
    if (place == nullptr) return nullptr;
    std::shared_ptr<extension> taken = *place;
    all_.erase(all_.begin() + (place - all_.data()));
    taken->remove();
    return taken;
}

const std::shared_ptr<extension> *extension_registry::place_of(std::string_view name) const noexcept {
    for (const auto &one : all_)
        if (one->name() == name) return &one;
    return nullptr;
}

} // namespace cryo_core
