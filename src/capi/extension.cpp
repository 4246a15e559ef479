#include "capi/extension.h"

#include <string_view>

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

constexpr std::size_t max_name = 255;

template <typename Change>
cryo_status change(const char *function, cryo_extension *handle, Change set) noexcept {
    return with_handle<extension_object>(
        function, handle_type::extension, handle,
        [&](extension_object &object) -> cryo_status { return set(object); });
}

cryo_status check_place(const char *function, std::int32_t direction, std::int32_t kind) noexcept {
    if (direction != CRYO_BEFORE_SEND && direction != CRYO_ON_RECEIVE)
        return invalid(function, "the direction is neither CRYO_BEFORE_SEND nor CRYO_ON_RECEIVE.");
    if (kind != CRYO_UTF8 && kind != CRYO_BINARY)
        return invalid(function, "the kind is neither CRYO_UTF8 nor CRYO_BINARY.");
    return CRYO_OK;
}

} // namespace

namespace cryo_core::capi {

cryo_status check_extension_name(const char *function, const char *name) noexcept {
    const std::string_view text = name == nullptr ? "" : name;
    if (text.empty() || text.size() > max_name)
        return invalid(function, "the name is NULL, empty or longer than 255 bytes.");
    return CRYO_OK;
}

cryo_status add_extension(
    const char *function, const cryo_extension *handle,
    const std::function<failure(const std::shared_ptr<extension> &, const std::function<void()> &)> &add) {
    return guard(function, [&]() -> cryo_status {
        const auto found =
            std::static_pointer_cast<extension_object>(find_shared(handle_type::extension, handle));
        if (!found) return bad_handle(function, handle_type::extension, handle);
        const auto added = std::make_shared<added_extension>(found);
        return outcome(add(added, [&] { added->registered(); }));
    });
}

cryo_status give_extension(const char *function, const std::shared_ptr<extension> &found, const char *name,
                           cryo_extension **out) {
    return guard(function, [&]() -> cryo_status {
        if (!found)
            return fail(status::not_found,
                        std::string(function) + ": there is no extension named \"" + name + "\".");
        const auto origin =
            std::const_pointer_cast<extension_object>(static_cast<const added_extension &>(*found).origin());
        *out = static_cast<cryo_extension *>(add_handle(handle_type::extension, origin));
        return CRYO_OK;
    });
}

} // namespace cryo_core::capi

extern "C" {

cryo_status cryo_extension_new(const char *name, void *user, cryo_finalizer finalizer, cryo_extension **out) {
    return guard("cryo_extension_new", [&]() -> cryo_status {
        if (out == nullptr) return invalid("cryo_extension_new", "`out` is NULL.");
        if (const cryo_status bad = check_extension_name("cryo_extension_new", name)) return bad;
        const auto made = std::make_shared<extension_object>();
        made->name = name;
        void *const handle = add_handle(handle_type::extension, made);
        try {
            made->user = user_data(user, finalizer);
        } catch (...) {
            remove_handle(handle_type::extension, handle);
            throw;
        }
        *out = static_cast<cryo_extension *>(handle);
        return CRYO_OK;
    });
}

void cryo_extension_free(cryo_extension *extension) {
    take_back(__func__, handle_type::extension, extension);
}

cryo_status cryo_extension_name(const cryo_extension *extension, char *out, size_t capacity, size_t *len) {
    return with_handle<extension_object>(
        "cryo_extension_name", handle_type::extension, extension, [&](extension_object &object) {
            return copy_out("cryo_extension_name", object.name, out, capacity, len);
        });
}

void *cryo_extension_user(const cryo_extension *extension) {
    const auto found =
        std::static_pointer_cast<extension_object>(find_shared(handle_type::extension, extension));
    if (!found) bad_handle(__func__, handle_type::extension, extension);
    return found ? found->user.get() : nullptr;
}

cryo_status cryo_extension_set_hook(cryo_extension *extension, int32_t direction, int32_t kind,
                                    cryo_hook_fn fn) {
    return change("cryo_extension_set_hook", extension, [&](extension_object &object) {
        const cryo_status bad = check_place("cryo_extension_set_hook", direction, kind);
        if (bad == CRYO_OK) object.settings.at(direction, kind) = {fn, nullptr};
        return bad;
    });
}

cryo_status cryo_extension_set_queue(cryo_extension *extension, int32_t direction, int32_t kind,
                                     cryo_queue *queue) {
    return change("cryo_extension_set_queue", extension, [&](extension_object &object) -> cryo_status {
        if (const cryo_status bad = check_place("cryo_extension_set_queue", direction, kind)) return bad;
        std::shared_ptr<event_queue> found;
        if (queue != nullptr) {
            found = std::static_pointer_cast<event_queue>(find_shared(handle_type::queue, queue));
            if (!found) return bad_handle("cryo_extension_set_queue", handle_type::queue, queue);
        }
        object.settings.at(direction, kind) = {nullptr, std::move(found)};
        return CRYO_OK;
    });
}

cryo_status cryo_extension_set_timeout_ms(cryo_extension *extension, uint32_t ms) {
    return change("cryo_extension_set_timeout_ms", extension, [&](extension_object &object) -> cryo_status {
        if (ms == 0) return invalid("cryo_extension_set_timeout_ms", "0 ms is too short; 1 at least.");
        object.settings.timeout = from_ms(ms);
        return CRYO_OK;
    });
}

cryo_status cryo_extension_set_on_failure(cryo_extension *extension, int32_t what) {
    return change("cryo_extension_set_on_failure", extension, [&](extension_object &object) -> cryo_status {
        if (what != CRYO_HOOK_PASS && what != CRYO_HOOK_STOP)
            return invalid("cryo_extension_set_on_failure",
                           "it is neither CRYO_HOOK_PASS nor CRYO_HOOK_STOP.");
        object.settings.passes_on_failure = what == CRYO_HOOK_PASS;
        return CRYO_OK;
    });
}

cryo_status cryo_extension_on_register(cryo_extension *extension, cryo_extension_fn fn) {
    return change(__func__, extension, [&](extension_object &object) {
        object.settings.on_register = fn;
        return CRYO_OK;
    });
}

cryo_status cryo_extension_on_unregister(cryo_extension *extension, cryo_extension_fn fn) {
    return change(__func__, extension, [&](extension_object &object) {
        object.settings.on_unregister = fn;
        return CRYO_OK;
    });
}

} // extern "C"
