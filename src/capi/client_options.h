// The object behind cryo_client_options.
#pragma once

#include "capi/client_url.h"
#include "capi/event_set.h"
#include "capi/token.h"
#include "client/hub.h"
#include "client/options.h"

namespace cryo_core::capi {

struct client_options_object {
    client_options values;
    std::shared_ptr<event_set> events;
    token_provider tokens;   // for values.asks_for_token
    std::shared_ptr<hub> on; // null: the common one
    url_identity in_url;     // what its query said of these
    bool has_url = false;

    // Behind check_client_options: with what the URL says where nothing else does.
    client_options all_values() const;
};

// CRYO_ERR_INVALID where no client can be made of them; `told` is what its events go to.
cryo_status check_client_options(const char *function, const client_options_object &options,
                                 const event_handlers &told) noexcept;

} // namespace cryo_core::capi
