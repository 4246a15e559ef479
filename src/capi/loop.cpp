#include "client/hub.h"

#include "capi/signal_safe.h"

using namespace cryo_core;
using namespace cryo_core::capi;

extern "C" {

cryo_status cryo_loop_new(cryo_loop **out) {
    return guard("cryo_loop_new", [&]() -> cryo_status {
        if (out == nullptr) return invalid("cryo_loop_new", "`out` is NULL.");
        failure why;
        const auto made = hub::own(why);
        if (!made) return fail(why);
        *out = static_cast<cryo_loop *>(add_handle(handle_type::loop, made));
        return CRYO_OK;
    });
}

cryo_status cryo_loop_run_once(cryo_loop *loop, int32_t timeout_ms) {
    return with_handle<hub>("cryo_loop_run_once", handle_type::loop, loop, [&](hub &found) -> cryo_status {
        if (timeout_ms < -1) return invalid("cryo_loop_run_once", "the time-out is below -1.");
        return outcome(found.run_once(timeout_ms));
    });
}

int32_t cryo_loop_fd(const cryo_loop *loop) {
    return with_handle<hub>("cryo_loop_fd", handle_type::loop, loop, [](hub &found) -> cryo_status {
        const std::int32_t fd = found.loop()->backend_fd();
        return fd >= 0 ? fd : fail(status::unsupported, "This system has no descriptor for an event loop.");
    });
}

int32_t cryo_loop_timeout_ms(const cryo_loop *loop) {
    return with_handle<hub>("cryo_loop_timeout_ms", handle_type::loop, loop,
                            [](hub &found) -> cryo_status { return found.loop()->backend_timeout_ms(); });
}

cryo_status cryo_loop_wake(cryo_loop *loop) {
    return with_handle_in_signal<hub>(__func__, handle_type::loop, loop, [](hub &found) {
        found.loop()->wake();
        return CRYO_OK;
    });
}

void cryo_loop_free(cryo_loop *loop) {
    take_back(__func__, handle_type::loop, loop);
}

} // extern "C"
