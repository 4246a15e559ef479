#include "capi/session_attachment.h"

#include "base/log.h"
#include "base/thread_pointer.h"

#include <utility>

namespace cryo_core::capi {

namespace {

CRYO_THREAD_POINTER telling *innermost = nullptr;

} // namespace

telling::telling(session_control &who) noexcept
    : handle_(session_attachment::of(who).held() ? session_attachment::of(who).handle() : nullptr),
      control_(who), outer_(std::exchange(innermost, this)) {}

telling::~telling() {
    innermost = outer_;
}

session_control *telling::of(const cryo_session *session) noexcept {
    const telling *const now = innermost;
    if (now == nullptr || now->handle_ != session || session == nullptr) return nullptr;
    return &now->control_;
}

void telling::forget(const session_control &who) noexcept {
    for (telling *each = innermost; each != nullptr; each = each->outer_)
        if (&each->control_ == &who) each->handle_ = nullptr;
}

session_attachment::~session_attachment() {
    remove_handle(handle_type::session, handle_); // where it was never announced
    delete kept_.load(std::memory_order_acquire);
}

session_attachment &session_attachment::prepare(session_control &control) {
    auto made = std::make_unique<session_attachment>();
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
    telling::forget(*self_); // who releases too much inside of an event is told from then on
    remove_handle(handle_type::session, handle_);
    const auto last = std::move(self_); // may destroy this at the end of the scope
}

session_attachment::kept &session_attachment::keep() {
    if (kept *const there = kept_.load(std::memory_order_acquire)) return *there;
    auto made = std::make_unique<kept>();
    kept *first = nullptr;
    if (!kept_.compare_exchange_strong(first, made.get(), std::memory_order_acq_rel)) return *first;
    return *made.release();
}

bool session_attachment::visiting_here() const noexcept {
    const kept *const there = kept_.load(std::memory_order_acquire);
    return there != nullptr && there->visitor.load() == std::this_thread::get_id();
}

void session_attachment::set_user(void *user, cryo_finalizer finalizer) {
    make_room();
    user_data value(user, finalizer);
    put_user(value);
    // The former one is destroyed here, behind the lock: finalizers run without it.
}

void session_attachment::put_user(user_data &value) noexcept {
    kept &own = *kept_.load(std::memory_order_acquire);
    const std::lock_guard lock(own.user_mutex);
    user_pointer_.store(value.get(), std::memory_order_release);
    std::swap(own.user, value);
}

status session_attachment::set_claim(std::string_view name, const char *value) {
    kept &own = keep();
    std::string key(name);
    std::string text(value == nullptr ? "" : value);
    const std::lock_guard lock(own.user_mutex);
    const auto former = own.claims.find(key);
    const std::size_t freed = former == own.claims.end() ? 0 : key.size() + former->second.size();
    const std::size_t more = value == nullptr ? 0 : key.size() + text.size();
    if (own.claim_bytes - freed + more > max_claim_bytes) return status::too_big;
    if (value == nullptr)
        own.claims.erase(key);
    else
        own.claims.insert_or_assign(std::move(key), std::move(text));
    own.claim_bytes += more - freed;
    return status::ok;
}

std::optional<std::string> session_attachment::claim(const std::string &name) const {
    kept *const own = kept_.load(std::memory_order_acquire);
    if (own == nullptr) return std::nullopt;
    const std::lock_guard lock(own->user_mutex);
    const auto found = own->claims.find(name);
    if (found == own->claims.end()) return std::nullopt;
    return found->second;
}

// What gives way is destroyed one by one, behind the locks.
void session_attachment::take_from(attachment &newcomer) noexcept {
    auto &from = static_cast<session_attachment &>(newcomer);
    kept *const theirs = from.kept_.load(std::memory_order_acquire);
    if (theirs == nullptr) return;
    try {
        make_room();
    } catch (...) {
        log(log_level::error, "Memory ran out; what the validator said of a client that came back is lost.");
        return;
    }
    kept &own = *kept_.load(std::memory_order_acquire);
    user_data user;
    std::map<std::string, user_data> values;
    {
        const std::scoped_lock lock(theirs->user_mutex, theirs->mutex);
        from.user_pointer_.store(nullptr, std::memory_order_release);
        std::swap(user, theirs->user);
        values.swap(theirs->values);
        const std::lock_guard own_lock(own.user_mutex);
        for (; !theirs->claims.empty();) {
            auto put = own.claims.insert(theirs->claims.extract(theirs->claims.begin()));
            if (put.inserted) continue;
            std::swap(put.position->second, put.node.mapped());
        }
        own.claim_bytes = 0;
        for (const auto &[name, text] : own.claims)
            own.claim_bytes += name.size() + text.size();
    }
    if (user.get() != nullptr) put_user(user);
    while (!values.empty()) {
        std::map<std::string, user_data>::node_type former;
        const std::lock_guard lock(own.mutex);
        auto put = own.values.insert(values.extract(values.begin()));
        if (put.inserted) continue;
        std::swap(put.position->second, put.node.mapped());
        former = std::move(put.node);
    }
}

bool session_attachment::set_value(const std::string &key, void *value, cryo_finalizer finalizer) {
    if (visiting_here()) return false;
    kept &own = keep();
    user_data former; // its finalizer runs without the lock
    const std::lock_guard lock(own.mutex);
    if (value == nullptr) {
        if (auto node = own.values.extract(key)) std::swap(node.mapped(), former);
        return true;
    }
    // What needs memory comes before the finalizer is bound, and is undone if that has none.
    const auto [place, added] = own.values.try_emplace(key);
    try {
        former = user_data(value, finalizer);
    } catch (...) {
        if (added) own.values.erase(place);
        throw;
    }
    std::swap(place->second, former);
    return true;
}

bool session_attachment::value(const std::string &key, void *&out, bool &found) {
    if (visiting_here()) return false;
    found = false;
    kept *const own = kept_.load(std::memory_order_acquire);
    if (own == nullptr) return true;
    const std::lock_guard lock(own->mutex);
    const auto at = own->values.find(key);
    found = at != own->values.end();
    if (found) out = at->second.get();
    return true;
}

bool session_attachment::visit(const std::string &key, cryo_visit_fn function, void *user) {
    if (visiting_here()) return false;
    kept &own = keep();
    const std::lock_guard lock(own.mutex);
    own.visitor = std::this_thread::get_id();
    const auto at = own.values.find(key);
    call_out("visit function", [&] { function(at == own.values.end() ? nullptr : at->second.get(), user); });
    own.visitor = std::thread::id();
    return true;
}

std::shared_ptr<session_control> find_session(const cryo_session *session) noexcept {
    return shared_object<session_control>(handle_type::session, session);
}

} // namespace cryo_core::capi
