// libwebsockets 4.1 closes the descriptor that wakes its context twice: when the context is destroyed, and
// once more when libuv has closed its handle. Between the two another thread may open something under that
// number, which would be closed for it.
#pragma once

#include <uv.h>

namespace cryo_core::net {

// That descriptor, of a context that was just made on this loop and watches nothing else yet; -1: none.
int lws_wake(uv_loop_t &of) noexcept;

// Behind the first destroy_context: takes the number, so that the second close finds something of ours.
// False: another thread was faster and keeps it, and the loop must not run any more.
bool hold_for_second_close(int descriptor, uv_loop_t &of) noexcept;

} // namespace cryo_core::net
