#include "client/hosted_client.h"

#include "capi/client_application.h"
#include "capi/client_options.h"
#include "capi/extension.h"
#include "capi/session_attachment.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

std::shared_ptr<hosted_client> find_client(const cryo_client *handle) noexcept {
    return std::static_pointer_cast<hosted_client>(find_shared(handle_type::client, handle));
}

// The shared_ptr is held during the call: the client may be freed meanwhile.
template <typename Function>
cryo_status with_client(const char *function, const cryo_client *handle, Function body) noexcept {
    return guard(function, [&]() -> cryo_status {
        const auto found = find_client(handle);
        return found ? body(*found) : bad_handle(function, handle_type::client, handle);
    });
}

// It goes on reading once the queue has room again.
void resume_with(event_queue &queue, const std::shared_ptr<client> &made) {
    queue.add_listener([weak = std::weak_ptr<client>(made)] {
        const auto found = weak.lock();
        if (found && found->started() && !found->ended()) found->resume_reading();
        return found != nullptr;
    });
}

} // namespace

extern "C" {

cryo_status cryo_client_new(const cryo_client_options *options, cryo_client **out) {
    return with_handle<client_options_object>(
        "cryo_client_new", handle_type::client_options, options,
        [&](client_options_object &from) -> cryo_status {
            if (out == nullptr) return invalid("cryo_client_new", "`out` is NULL.");
            event_handlers handlers = from.events ? from.events->snapshot() : event_handlers{};
            if (const cryo_status bad = check_client_options("cryo_client_new", from, handlers)) return bad;
            failure why;
            const auto on = from.on ? from.on : hub::common(why);
            if (!on) return fail(why);
            const auto queue = handlers.queue;
            const auto made = std::make_shared<hosted_client>(
                from.all_values(), std::make_unique<client_application>(std::move(handlers), from.tokens),
                on);
            session_attachment::prepare(*made->it()->control()).announce(made->it()->control());
            if (queue) resume_with(*queue, made->it());
            *out = static_cast<cryo_client *>(add_handle(handle_type::client, made));
            return CRYO_OK;
        });
}

cryo_status cryo_client_start(cryo_client *handle) {
    return with_client("cryo_client_start", handle, [](hosted_client &found) {
        session_attachment::reference ours(session_attachment::of(*found.it()->control()));
        const failure why = found.it()->start();
        if (!why) ours.keep(); // the closed event gives it back
        return outcome(why);
    });
}

cryo_session *cryo_client_session(const cryo_client *handle) {
    const auto found = find_client(handle);
    if (!found) bad_handle("cryo_client_session", handle_type::client, handle);
    return found ? session_attachment::of(*found->it()->control()).handle() : nullptr;
}

cryo_status cryo_client_set_token(cryo_client *handle, const char *token) {
    return with_client("cryo_client_set_token", handle, [&](hosted_client &found) -> cryo_status {
        if (const cryo_status bad = check_token("cryo_client_set_token", token)) return bad;
        return outcome(found.it()->set_token(token));
    });
}

cryo_status cryo_client_close(cryo_client *handle, int32_t code, const char *reason) {
    return with_client("cryo_client_close", handle, [&](hosted_client &found) -> cryo_status {
        if (!found.it()->started())
            return fail(status::state, "cryo_client_close: the client was not started.");
        return cryo_session_close(session_attachment::of(*found.it()->control()).handle(), code, reason);
    });
}

cryo_status cryo_client_wait(cryo_client *handle, int32_t timeout_ms) {
    return with_client("cryo_client_wait", handle, [&](hosted_client &found) -> cryo_status {
        if (timeout_ms < -1) return invalid("cryo_client_wait", "the time-out is below -1.");
        return outcome(found.wait(timeout_ms));
    });
}

void cryo_client_free(cryo_client *handle) {
    const auto found =
        std::static_pointer_cast<hosted_client>(take_back(__func__, handle_type::client, handle));
    if (!found) return;
    found->dispose();
    session_attachment::of(*found->it()->control()).release(); // the one of the client's handle
}

cryo_status cryo_client_add_extension(cryo_client *handle, cryo_extension *extension) {
    return with_client("cryo_client_add_extension", handle, [&](hosted_client &found) {
        return add_extension("cryo_client_add_extension", extension,
                             [&](const auto &added, const auto &registered) {
                                 return found.it()->add_extension(added, registered);
                             });
    });
}

cryo_status cryo_client_remove_extension(cryo_client *handle, const char *name) {
    return with_client("cryo_client_remove_extension", handle, [&](hosted_client &found) -> cryo_status {
        if (const cryo_status bad = check_extension_name("cryo_client_remove_extension", name)) return bad;
        return outcome(found.it()->remove_extension(name));
    });
}

cryo_status cryo_client_find_extension(const cryo_client *handle, const char *name, cryo_extension **out) {
    return with_client("cryo_client_find_extension", handle, [&](hosted_client &found) -> cryo_status {
        if (out == nullptr) return invalid("cryo_client_find_extension", "`out` is NULL.");
        if (const cryo_status bad = check_extension_name("cryo_client_find_extension", name)) return bad;
        return give_extension("cryo_client_find_extension", found.it()->find_extension(name), name, out);
    });
}

} // extern "C"
