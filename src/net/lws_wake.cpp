#include "net/lws_wake.h"

#include <libwebsockets.h>

#ifndef _WIN32
#include <fcntl.h>
#include <unistd.h>
#endif

namespace cryo_core::net {

#if LWS_LIBRARY_VERSION_NUMBER < 4002000 && !defined(_WIN32)

int lws_wake(uv_loop_t &of) noexcept {
    int found = -1;
    uv_walk(
        &of,
        [](uv_handle_t *h, void *to) {
            uv_os_fd_t fd = -1;
            if (h->type == UV_POLL && uv_fileno(h, &fd) == 0) *static_cast<int *>(to) = fd;
        },
        &found);
    return found;
}

bool hold_for_second_close(int descriptor, uv_loop_t &of) noexcept {
    if (descriptor < 0) return true;
    // Most of what other threads open is closed again soon: a file that is read, a connection that is
    // refused.
    constexpr int patience_ms = 50;
    for (int waited = 0;; ++waited) {
        // The lowest number that is free from there on; never one that is in use.
        const int got = fcntl(uv_backend_fd(&of), F_DUPFD_CLOEXEC, descriptor);
        if (got == descriptor) return true;
        if (got >= 0) close(got);
        if (waited == patience_ms) return false;
        uv_sleep(1);
    }
}

#else

int lws_wake(uv_loop_t &) noexcept {
    return -1;
}

bool hold_for_second_close(int, uv_loop_t &) noexcept {
    return true;
}

#endif

} // namespace cryo_core::net
