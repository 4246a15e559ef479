// The object behind cryo_server_options.
#pragma once

#include "capi/event_set.h"
#include "server/options.h"

namespace cryo_core::capi {

struct server_options_object {
    server_options values;
    cryo_validate_fn validator = nullptr;
    user_data validator_user;
    std::shared_ptr<event_set> events;
};

} // namespace cryo_core::capi
