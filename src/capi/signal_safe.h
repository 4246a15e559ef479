// For the few functions that a signal handler may call, whatever it has interrupted: no lock, no memory, and
// errno stays as it was.
#pragma once

#include "capi/guard.h"

#include <cerrno>

namespace cryo_core::capi {

// body(object) gives a status, or text as well by fail_plainly(). It must be short and use no handles.
template <typename Object, typename Handle, typename Body>
cryo_status with_handle_in_signal(const char *function, handle_type type, const Handle *handle,
                                  Body body) noexcept {
    struct call {
        Body &body;
        cryo_status outcome;
    } here{body, CRYO_OK};
    const int errno_before = errno;
    const bool found = with_object(
        type, handle,
        [](void *object, void *context) {
            auto &that = *static_cast<call *>(context);
            that.outcome = that.body(*static_cast<Object *>(object));
        },
        &here);
    if (!found) here.outcome = bad_handle_plainly(function, type, handle);
    errno = errno_before;
    return here.outcome;
}

} // namespace cryo_core::capi
