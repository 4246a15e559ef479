// What a server counts.
#include "capi/server_object.h"

using namespace cryo_core;
using namespace cryo_core::capi;

extern "C" {

cryo_status cryo_server_stat(const cryo_server *handle, int32_t stat, int32_t of, double *out) {
    return with_server("cryo_server_stat", handle, [&](server &found) -> cryo_status {
        if (out == nullptr) return invalid("cryo_server_stat", "`out` is NULL.");
        const auto value = found.figures().value(static_cast<server_stat>(stat), of);
        if (!value)
            return invalid("cryo_server_stat",
                           "`stat` is none of CRYO_SERVER_STAT_*, or has nothing of that kind.");
        *out = *value;
        return CRYO_OK;
    });
}

cryo_status cryo_server_metrics(const cryo_server *handle, char *out, size_t capacity, size_t *len) {
    return with_server("cryo_server_metrics", handle, [&](server &found) {
        return copy_out("cryo_server_metrics", found.figures().text(), out, capacity, len);
    });
}

} // extern "C"
