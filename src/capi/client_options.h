// The object behind cryo_client_options.
#pragma once

#include "capi/event_set.h"
#include "client/hub.h"
#include "client/options.h"

namespace cryo_core::capi {

struct client_options_object {
    client_options values;
    std::shared_ptr<event_set> events;
    std::shared_ptr<hub> on; // null: the common one
    bool has_url = false;
};

// CRYO_ERR_INVALID where no client can be made of them.
cryo_status check_client_options(const char *function, const client_options_object &options) noexcept;

} // namespace cryo_core::capi
