// The handles that cross the boundary. A handle is a number that looks like a pointer: slot, generation and
// type. It is never an address, so one that was freed, that belongs to another type or that is made up is
// told without touching anything.
#pragma once

#include <cstdint>
#include <memory>

namespace cryo_core::capi {

enum class handle_type : std::uint8_t {
    none,
    server_options,
    events,
    server,
    session,
    auth,
    queue,
    event,
    client_options,
    client,
    loop,
    extension,
    hook,
    token_request
};

// "server options", "event set", … for error texts.
const char *handle_type_name(handle_type type) noexcept;

// A new handle for an object. Throws std::bad_alloc.
void *add_handle(handle_type type, std::shared_ptr<void> object);

// For an object that lives as long as its handle: find_object gives it without taking a lock. `object` is
// owned by whoever removes the handle.
void *add_handle(handle_type type, void *object);

// Makes the handle stale. null: it was none of this type.
std::shared_ptr<void> remove_handle(handle_type type, void *handle) noexcept;

// null: stale, none of this type, or of another process.
std::shared_ptr<void> find_shared(handle_type type, const void *handle) noexcept;
void *find_object(handle_type type, const void *handle) noexcept;

// Calls function(object) while the handle cannot be removed; false: stale, or none of this type. No lock is
// taken, and remove_handle() waits for it: the function must be short and use no handles.
bool with_object(handle_type type, const void *handle, void (*function)(void *object, void *context),
                 void *context) noexcept;

// Kept alive, of a type that is held by std::shared_ptr. null: there is no such handle, or the object goes.
template <typename T>
std::shared_ptr<T> shared_object(handle_type type, const void *handle) noexcept {
    std::shared_ptr<T> found;
    with_object(
        type, handle,
        [](void *object, void *into) {
            *static_cast<std::shared_ptr<T> *>(into) = static_cast<T *>(object)->weak_from_this().lock();
        },
        &found);
    return found;
}

// The handle is valid, but in the process that this one was forked from.
bool is_of_another_process(handle_type type, const void *handle) noexcept;

// The auth ticket that goes with a session's handle, and becomes stale with it. It is found, not removed.
void *ticket_of(void *session) noexcept;

// What type a handle was made for, stale or not; none for what was never a handle.
handle_type type_of(const void *handle) noexcept;

} // namespace cryo_core::capi
