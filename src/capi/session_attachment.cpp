#include "capi/session_attachment.h"

#include <utility>

namespace cryo_core::capi {

session_attachment::~session_attachment() {
    if (auth_ != nullptr) remove_handle(handle_type::auth, auth_);
    remove_handle(handle_type::session, handle_); // where it was never announced
}

session_attachment &session_attachment::prepare(session_control &control, bool with_ticket) {
    auto made = std::make_unique<session_attachment>();
    if (with_ticket)
        made->auth_ = static_cast<cryo_auth *>(add_handle(handle_type::auth, static_cast<void *>(&control)));
    made->handle_ =
        static_cast<cryo_session *>(add_handle(handle_type::session, static_cast<void *>(&control)));
    session_attachment &at = *made;
    control.attached = std::move(made);
    return at;
}

session_attachment &session_attachment::of(session_control &control) noexcept {
    return static_cast<session_attachment &>(*control.attached);
}

cryo_session *session_attachment::announce(std::shared_ptr<session_control> self) noexcept {
    self_ = std::move(self);
    references_.store(1, std::memory_order_release);
    return handle_;
}

bool session_attachment::try_retain() noexcept {
    std::uint32_t count = references_.load(std::memory_order_acquire);
    while (count > 0)
        if (references_.compare_exchange_weak(count, count + 1, std::memory_order_acq_rel)) return true;
    return false;
}

void session_attachment::release() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    remove_handle(handle_type::session, handle_);
    const auto last = std::move(self_); // may destroy this at the end of the scope
}

void session_attachment::set_user(user_data user) {
    const std::lock_guard lock(user_mutex_);
    user_pointer_.store(user.get(), std::memory_order_release);
    std::swap(user_, user);
    // The parameter is destroyed by the caller, after the lock: finalizers run without it.
}

bool session_attachment::set_value(const std::string &key, void *value, cryo_finalizer finalizer) {
    if (visiting_here()) return false;
    user_data former; // its finalizer runs without the lock
    const std::lock_guard lock(mutex_);
    if (value == nullptr) {
        if (auto node = values_.extract(key)) std::swap(node.mapped(), former);
        return true;
    }
    // What needs memory comes before the finalizer is bound, and is undone if that has none.
    const auto [place, added] = values_.try_emplace(key);
    try {
        former = user_data(value, finalizer);
    } catch (...) {
        if (added) values_.erase(place);
        throw;
    }
    std::swap(place->second, former);
    return true;
}

bool session_attachment::value(const std::string &key, void *&out, bool &found) {
    if (visiting_here()) return false;
    const std::lock_guard lock(mutex_);
    const auto at = values_.find(key);
    found = at != values_.end();
    if (found) out = at->second.get();
    return true;
}

bool session_attachment::visit(const std::string &key, cryo_visit_fn function, void *user) {
    if (visiting_here()) return false;
    const std::lock_guard lock(mutex_);
    visitor_ = std::this_thread::get_id();
    const auto at = values_.find(key);
    call_out("visit function", [&] { function(at == values_.end() ? nullptr : at->second.get(), user); });
    visitor_ = std::thread::id();
    return true;
}

std::shared_ptr<session_control> find_session(const cryo_session *session) noexcept {
    std::shared_ptr<session_control> found;
    with_object(
        handle_type::session, session,
        [](void *object, void *into) {
            *static_cast<std::shared_ptr<session_control> *>(into) =
                static_cast<session_control *>(object)->weak_from_this().lock();
        },
        &found);
    return found;
}

} // namespace cryo_core::capi
