// What a server answers to others than its clients.
#include "capi/option_setters.h"
#include "capi/server_options.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

using set_edge = option_setters<server_options_object, handle_type::server_options>;

} // namespace

extern "C" {

cryo_status cryo_server_options_set_health(cryo_server_options *options, int32_t on) {
    return set_edge::flag(
        __func__, options, on, [](auto &v) -> auto & { return v.health; });
}

cryo_status cryo_server_options_set_metrics(cryo_server_options *options, int32_t on, const char *token) {
    return set_edge::change(__func__, options, [&](server_options_object &object) -> cryo_status {
        if (on != 0 && on != 1) return invalid("cryo_server_options_set_metrics", "`on` must be 0 or 1.");
        if (token != nullptr && *token == '\0')
            return invalid("cryo_server_options_set_metrics", "the token is empty; NULL asks for none.");
        object.values.metrics_token = token != nullptr ? token : "";
        object.values.metrics = on == 1;
        return CRYO_OK;
    });
}

} // extern "C"
