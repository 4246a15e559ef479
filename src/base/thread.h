// Threads of the library's own: with a name, and deaf to the host's signals.
#pragma once

#include <functional>
#include <thread>

#ifndef _WIN32
#include <csignal>
#endif

namespace cryo_core {

// While this lives, the calling thread takes no signal, and so do the threads that it starts. Signals are the
// host's: one that a thread of ours took would run the host's handler on a thread that it does not know, or
// would be missing where the host waits for it. Those that a thread raises by a fault of its own stay open:
// blocked, they would end the process without a word from the host's crash handler.
class signals_blocked {
  public:
    signals_blocked() noexcept;
    ~signals_blocked();
    signals_blocked(const signals_blocked &) = delete;
    signals_blocked &operator=(const signals_blocked &) = delete;

#ifndef _WIN32
  private:
    sigset_t before_;
#endif
};

// "cryo-loop-0", as a debugger and `top -H` show it.
struct thread_name {
    char text[16];
    thread_name(const char *what) noexcept; // NOLINT: a text is a name
    thread_name(const char *what, unsigned number) noexcept;
};

// Throws std::system_error when the system gives no thread.
std::thread start_thread(const thread_name &name, std::function<void()> body);

} // namespace cryo_core
