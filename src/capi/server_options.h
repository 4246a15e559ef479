// The objects behind cryo_server_options and cryo_events.
#pragma once

#include "capi/event_queue.h"
#include "capi/guard.h"
#include "server/options.h"

#include <mutex>

namespace cryo_core::capi {

// Whom to call, with what.
struct event_handlers {
    cryo_listening_fn on_listening = nullptr;
    cryo_session_fn on_session = nullptr;
    cryo_message_fn on_message = nullptr;
    cryo_closed_fn on_closed = nullptr;
    cryo_stat_fn on_stat = nullptr;
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

struct server_options_object {
    server_options values;
    cryo_validate_fn validator = nullptr;
    user_data validator_user;
    std::shared_ptr<event_set> events;
};

} // namespace cryo_core::capi
