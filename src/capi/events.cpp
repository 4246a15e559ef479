#include "capi/event_set.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

template <typename Change>
cryo_status change(const char *function, cryo_events *events, Change set) noexcept {
    return with_handle<event_set>(function, handle_type::events, events, [&](event_set &object) {
        const std::lock_guard lock(object.mutex);
        set(object.handlers);
        return CRYO_OK;
    });
}

} // namespace

extern "C" {

cryo_status cryo_events_new(void *user, cryo_finalizer finalizer, cryo_events **out) {
    return guard("cryo_events_new", [&]() -> cryo_status {
        if (out == nullptr) return invalid("cryo_events_new", "`out` is NULL.");
        const auto made = std::make_shared<event_set>();
        void *const handle = add_handle(handle_type::events, made);
        try {
            made->handlers.user = user_data(user, finalizer);
        } catch (...) {
            remove_handle(handle_type::events, handle);
            throw;
        }
        *out = static_cast<cryo_events *>(handle);
        return CRYO_OK;
    });
}

void cryo_events_free(cryo_events *events) {
    take_back(__func__, handle_type::events, events);
}

cryo_status cryo_events_on_listening(cryo_events *events, cryo_listening_fn fn) {
    return change(__func__, events, [fn](event_handlers &h) { h.on_listening = fn; });
}

cryo_status cryo_events_on_session(cryo_events *events, cryo_session_fn fn) {
    return change(__func__, events, [fn](event_handlers &h) { h.on_session = fn; });
}

cryo_status cryo_events_on_message(cryo_events *events, cryo_message_fn fn) {
    return change(__func__, events, [fn](event_handlers &h) { h.on_message = fn; });
}

cryo_status cryo_events_on_closed(cryo_events *events, cryo_closed_fn fn) {
    return change(__func__, events, [fn](event_handlers &h) { h.on_closed = fn; });
}

cryo_status cryo_events_on_stat(cryo_events *events, cryo_stat_fn fn) {
    return change(__func__, events, [fn](event_handlers &h) { h.on_stat = fn; });
}

cryo_status cryo_events_on_disconnected(cryo_events *events, cryo_disconnected_fn fn) {
    return change(__func__, events, [fn](event_handlers &h) { h.on_disconnected = fn; });
}

cryo_status cryo_events_on_reconnected(cryo_events *events, cryo_reconnected_fn fn) {
    return change(__func__, events, [fn](event_handlers &h) { h.on_reconnected = fn; });
}

cryo_status cryo_events_on_attempt_failed(cryo_events *events, cryo_attempt_failed_fn fn) {
    return change(__func__, events, [fn](event_handlers &h) { h.on_attempt_failed = fn; });
}

cryo_status cryo_events_on_lost(cryo_events *events, cryo_lost_fn fn) {
    return change(__func__, events, [fn](event_handlers &h) { h.on_lost = fn; });
}

cryo_status cryo_events_on_dropped(cryo_events *events, cryo_dropped_fn fn) {
    return change(__func__, events, [fn](event_handlers &h) { h.on_dropped = fn; });
}

cryo_status cryo_events_on_writable(cryo_events *events, cryo_writable_fn fn) {
    return change(__func__, events, [fn](event_handlers &h) { h.on_writable = fn; });
}

cryo_status cryo_events_on_receipt(cryo_events *events, cryo_receipt_fn fn) {
    return change(__func__, events, [fn](event_handlers &h) { h.on_receipt = fn; });
}

cryo_status cryo_events_use_queue(cryo_events *events, cryo_queue *queue) {
    std::shared_ptr<event_queue> found;
    if (queue != nullptr) {
        found = std::static_pointer_cast<event_queue>(find_shared(handle_type::queue, queue));
        if (!found) return bad_handle(__func__, handle_type::queue, queue);
    }
    return change(__func__, events, [&](event_handlers &h) { h.queue = found; });
}

} // extern "C"
