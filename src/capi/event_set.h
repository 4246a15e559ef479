// The object behind cryo_events: whom to call, with what.
#pragma once

#include "capi/event_queue.h"
#include "capi/guard.h"

#include <mutex>

namespace cryo_core::capi {

struct event_handlers {
    cryo_listening_fn on_listening = nullptr;
    cryo_session_fn on_session = nullptr;
    cryo_message_fn on_message = nullptr;
    cryo_closed_fn on_closed = nullptr;
    cryo_stat_fn on_stat = nullptr;
    cryo_disconnected_fn on_disconnected = nullptr;
    cryo_reconnected_fn on_reconnected = nullptr;
    cryo_attempt_failed_fn on_attempt_failed = nullptr;
    cryo_lost_fn on_lost = nullptr;
    cryo_dropped_fn on_dropped = nullptr;
    cryo_writable_fn on_writable = nullptr;
    cryo_receipt_fn on_receipt = nullptr;
    user_data user;
    std::shared_ptr<event_queue> queue;
};

struct event_set {
    std::mutex mutex;
    event_handlers handlers;

    event_handlers snapshot() {
        const std::lock_guard lock(mutex);
        return handlers;
    }
};

} // namespace cryo_core::capi
