#include "base/fork.h"

#ifndef _WIN32
#include <pthread.h>
#endif

namespace cryo_core {

namespace detail {
constinit std::atomic<std::uint32_t> forks{1};
}

#ifdef _WIN32

void at_fork(const fork_hooks &) noexcept {}

#else

namespace {

void count_fork() noexcept {
    detail::forks.fetch_add(1, std::memory_order_relaxed);
}

} // namespace

void at_fork(const fork_hooks &hooks) noexcept {
    static const int counts = pthread_atfork(nullptr, nullptr, count_fork);
    static_cast<void>(counts);
    pthread_atfork(hooks.before, hooks.in_parent, hooks.in_child);
}

#endif

} // namespace cryo_core
