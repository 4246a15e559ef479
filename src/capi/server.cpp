#include "capi/application.h"
#include "capi/extension.h"
#include "capi/message.h"
#include "capi/server_object.h"
#include "capi/server_options.h"
#include "capi/session_attachment.h"
#include "capi/signal_safe.h"
#include "server/total_bound.h"
#include "session/byte_budget.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

cryo_status check(const server_options_object &options, const event_handlers &handlers) {
    if (options.validator == nullptr && !handlers.queue)
        return invalid("cryo_server_new",
                       "nobody decides about tokens; set a validator, or events that use a queue.");
    const session_options &session = options.values.session;
    if (session.low_water_mark > session.high_water_mark)
        return invalid("cryo_server_new", "the low-water mark is above the high-water mark.");
    const net::server_tls_source &tls = options.values.tls;
    if (tls.require_client_certificate && !tls.asks_clients())
        return invalid("cryo_server_new",
                       "clients' certificates are required, and nobody is named who may certify them.");
    if (!tls && tls.asks_clients())
        return invalid("cryo_server_new", "clients' certificates need TLS; set a certificate.");
    if (options.values.proxy_protocol && options.values.trusted_proxies.empty())
        return invalid("cryo_server_new",
                       "the PROXY protocol needs to know whose headers to believe; add a trusted proxy.");
    return CRYO_OK;
}

// Sessions go on being read once the queue has room again.
void resume_with(event_queue &queue, const std::shared_ptr<server> &made) {
    queue.add_listener([weak = std::weak_ptr<server>(made)] {
        const auto found = weak.lock();
        if (found && found->running()) found->resume_reading();
        return found != nullptr;
    });
}

} // namespace

extern "C" {

cryo_status cryo_server_new(const cryo_server_options *options, cryo_server **out) {
    return with_handle<server_options_object>(
        "cryo_server_new", handle_type::server_options, options,
        [&](server_options_object &from) -> cryo_status {
            if (out == nullptr) return invalid("cryo_server_new", "`out` is NULL.");
            event_handlers handlers = from.events ? from.events->snapshot() : event_handlers{};
            if (const cryo_status bad = check(from, handlers)) return bad;
            const auto queue = handlers.queue;
            auto observer =
                std::make_unique<application>(std::move(handlers), from.validator, from.validator_user);
            application &observed = *observer;
            auto values = std::make_shared<server_options>(from.values);
            values->session.keep_unacknowledged = values->resume_window > 0;
            if (!values->max_total_queued_bytes) values->max_total_queued_bytes = default_total_bound();
            if (*values->max_total_queued_bytes != 0)
                values->session.total = std::make_shared<byte_budget>(*values->max_total_queued_bytes);
            const auto made = std::make_shared<server>(std::move(values), std::move(observer));
            if (queue) resume_with(*queue, made);
            auto *const handle = static_cast<cryo_server *>(add_handle(handle_type::server, made));
            observed.set_server(handle);
            *out = handle;
            return CRYO_OK;
        });
}

cryo_status cryo_server_start(cryo_server *handle) {
    return with_server("cryo_server_start", handle, [](server &found) { return outcome(found.start()); });
}

uint16_t cryo_server_port(const cryo_server *handle) {
    const auto found = find_server(handle);
    if (!found) bad_handle(__func__, handle_type::server, handle);
    return found ? found->port() : std::uint16_t{0};
}

int32_t cryo_server_transport(const cryo_server *handle) {
    const auto found = find_server(handle);
    if (!found) bad_handle(__func__, handle_type::server, handle);
    return found ? static_cast<int32_t>(found->transport()) : CRYO_TRANSPORT_AUTO;
}

cryo_status cryo_server_run_once(cryo_server *handle, int32_t timeout_ms) {
    return with_server("cryo_server_run_once", handle, [&](server &found) -> cryo_status {
        if (timeout_ms < -1) return invalid("cryo_server_run_once", "the time-out is below -1.");
        return outcome(found.run_once(timeout_ms));
    });
}

int32_t cryo_server_fd(const cryo_server *handle) {
    return with_server("cryo_server_fd", handle, [](server &found) -> cryo_status {
        if (const failure why = found.check_own_loop()) return fail(why);
        const std::int32_t fd = found.fd();
        return fd >= 0 ? fd : fail(status::unsupported, "This system has no descriptor for an event loop.");
    });
}

int32_t cryo_server_timeout_ms(const cryo_server *handle) {
    return with_server("cryo_server_timeout_ms", handle, [](server &found) -> cryo_status {
        if (const failure why = found.check_own_loop()) return fail(why);
        return found.timeout_ms();
    });
}

cryo_status cryo_server_stop(cryo_server *handle) {
    return with_handle_in_signal<server>(__func__, handle_type::server, handle, [](server &found) {
        return found.stop() ? CRYO_OK : fail_plainly(status::state, "The server was not started.");
    });
}

cryo_status cryo_server_wake(cryo_server *handle) {
    return with_handle_in_signal<server>(__func__, handle_type::server, handle, [](server &found) {
        return found.wake() ? CRYO_OK
                            : fail_plainly(status::state, "Only a server with 0 threads that was started can "
                                                          "be woken.");
    });
}

cryo_status cryo_server_wait(cryo_server *handle, int32_t timeout_ms) {
    return with_server("cryo_server_wait", handle, [&](server &found) -> cryo_status {
        if (timeout_ms < -1) return invalid("cryo_server_wait", "the time-out is below -1.");
        return outcome(found.wait(timeout_ms));
    });
}

void cryo_server_free(cryo_server *handle) {
    const auto found = std::static_pointer_cast<server>(take_back(__func__, handle_type::server, handle));
    if (found) found->dispose();
}

size_t cryo_server_session_count(const cryo_server *handle) {
    return guard_value("cryo_server_session_count", std::size_t{0}, [&] {
        const auto found = find_server(handle);
        if (!found) bad_handle("cryo_server_session_count", handle_type::server, handle);
        return found ? found->sessions().count() : 0;
    });
}

cryo_status cryo_server_sessions(const cryo_server *handle, cryo_session **out, size_t capacity,
                                 size_t *count) {
    return with_server("cryo_server_sessions", handle, [&](server &found) -> cryo_status {
        if (out == nullptr && capacity > 0)
            return invalid("cryo_server_sessions", "`out` is NULL, but its capacity is not 0.");
        if (count == nullptr) return invalid("cryo_server_sessions", "`count` is NULL.");
        std::size_t live = 0;
        for (const auto &one : found.sessions().sessions()) {
            session_attachment &at = session_attachment::of(*one);
            if (live >= capacity) {
                ++live;
            } else if (at.try_retain()) {
                out[live++] = at.handle();
            }
        }
        *count = live;
        return CRYO_OK;
    });
}

cryo_status cryo_server_find_session(const cryo_server *handle, const uint8_t *id, cryo_session **out) {
    return with_server("cryo_server_find_session", handle, [&](server &found) -> cryo_status {
        if (id == nullptr || out == nullptr)
            return invalid("cryo_server_find_session", "`id` or `out` is NULL.");
        uuid sid;
        std::copy(id, id + sid.bytes.size(), sid.bytes.begin());
        const auto live = found.sessions().find(sid);
        if (!live || !session_attachment::of(*live).try_retain())
            return fail(status::not_found, "cryo_server_find_session: no live session has that id.");
        *out = session_attachment::of(*live).handle();
        return CRYO_OK;
    });
}

cryo_status cryo_server_broadcast(cryo_server *handle, int32_t kind, const uint8_t *data, size_t len,
                                  const cryo_session *except, size_t *count) {
    return with_server("cryo_server_broadcast", handle, [&](server &found) -> cryo_status {
        if (const cryo_status bad = check_message("cryo_server_broadcast", kind, data, len)) return bad;
        std::shared_ptr<session_control> spared;
        if (except != nullptr) {
            spared = find_session(except);
            if (!spared) return bad_handle("cryo_server_broadcast", handle_type::session, except);
        }
        std::size_t sent = 0;
        const failure why = found.broadcast(static_cast<message_kind>(kind), {data, len}, spared, sent);
        if (why) return fail(why);
        if (count != nullptr) *count = sent;
        return CRYO_OK;
    });
}

cryo_status cryo_server_add_extension(cryo_server *handle, cryo_extension *extension) {
    return with_server("cryo_server_add_extension", handle, [&](server &found) {
        return add_extension("cryo_server_add_extension", extension,
                             [&](const auto &added, const auto &registered) {
                                 return found.add_extension(added, registered);
                             });
    });
}

cryo_status cryo_server_remove_extension(cryo_server *handle, const char *name) {
    return with_server("cryo_server_remove_extension", handle, [&](server &found) -> cryo_status {
        if (const cryo_status bad = check_extension_name("cryo_server_remove_extension", name)) return bad;
        return outcome(found.remove_extension(name));
    });
}

cryo_status cryo_server_find_extension(const cryo_server *handle, const char *name, cryo_extension **out) {
    return with_server("cryo_server_find_extension", handle, [&](server &found) -> cryo_status {
        if (out == nullptr) return invalid("cryo_server_find_extension", "`out` is NULL.");
        if (const cryo_status bad = check_extension_name("cryo_server_find_extension", name)) return bad;
        return give_extension("cryo_server_find_extension", found.find_extension(name), name, out);
    });
}

} // extern "C"
