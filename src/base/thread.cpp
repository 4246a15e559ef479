#include "base/thread.h"

#include <cstdio>
#include <utility>

#ifndef _WIN32
#include <pthread.h>
#endif

namespace cryo_core {

#ifdef _WIN32

signals_blocked::signals_blocked() noexcept = default;
signals_blocked::~signals_blocked() = default;

#else

signals_blocked::signals_blocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    for (const int own_fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT})
        sigdelset(&all, own_fault);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
}

signals_blocked::~signals_blocked() {
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

#endif

thread_name::thread_name(const char *what) noexcept {
    std::snprintf(text, sizeof text, "%s", what);
}

thread_name::thread_name(const char *what, unsigned number) noexcept {
    std::snprintf(text, sizeof text, "%s-%u", what, number % 1000);
}

std::thread start_thread(const thread_name &name, std::function<void()> body) {
    const signals_blocked inherited;
#ifdef __APPLE__ // where a thread can only name itself
    return std::thread([name, body = std::move(body)] {
        pthread_setname_np(name.text);
        body();
    });
#else
    std::thread made(std::move(body));
#ifdef __linux__
    pthread_setname_np(made.native_handle(), name.text);
#endif
    return made;
#endif
}

} // namespace cryo_core
