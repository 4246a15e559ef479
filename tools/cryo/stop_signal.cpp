#include "stop_signal.h"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace cryo_tool {
namespace {

// Never closed: a signal may come as long as the process lives.
std::array<int, 2> wake_pipe{-1, -1};
std::atomic<int> signals_seen{0};
std::atomic<int> first_signal{0};
std::atomic<bool> stop_requested{false};
std::atomic<bool> hangup_seen{false};
// Written once, before the flag.
termios terminal_before{};
std::atomic<bool> terminal_known{false};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler must not wait for a lock");

void wake() noexcept {
    const char byte = 0;
    // A pipe that is full wakes as well.
    [[maybe_unused]] const auto written = write(wake_pipe[1], &byte, 1);
}

extern "C" void on_stop_signal(int number) {
    const int saved_errno = errno;
    if (signals_seen.fetch_add(1) > 0) {
        if (terminal_known) static_cast<void>(tcsetattr(STDIN_FILENO, TCSANOW, &terminal_before));
        _exit(128 + number);
    }
    first_signal = number;
    wake();
    errno = saved_errno;
}

extern "C" void on_hangup(int) {
    const int saved_errno = errno;
    hangup_seen = true;
    wake();
    errno = saved_errno;
}

void empty_pipe() noexcept {
    char bytes[64];
    while (read(wake_pipe[0], bytes, sizeof bytes) > 0) {
    }
}

[[noreturn]] void fail(const char *what) {
    throw std::system_error(errno, std::generic_category(), what);
}

void handle(int number, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    if (sigaction(number, &action, nullptr) != 0) fail("sigaction");
}

} // namespace

stop_signal::stop_signal() {
    if (pipe(wake_pipe.data()) != 0) fail("pipe");
    for (const int end : wake_pipe) {
        if (fcntl(end, F_SETFD, FD_CLOEXEC) != 0) fail("fcntl");
        if (fcntl(end, F_SETFL, O_NONBLOCK) != 0) fail("fcntl");
    }
    handle(SIGINT, &on_stop_signal);
    handle(SIGTERM, &on_stop_signal);
    handle(SIGPIPE, SIG_IGN);
}

void stop_signal::remember_terminal() noexcept {
    if (tcgetattr(STDIN_FILENO, &terminal_before) == 0) terminal_known = true;
}

int stop_signal::fd() const noexcept {
    return wake_pipe[0];
}

void stop_signal::request() noexcept {
    stop_requested = true;
    wake();
}

bool stop_signal::requested() const noexcept {
    return stop_requested;
}

void stop_signal::reload_on_hangup() {
    handle(SIGHUP, &on_hangup);
}

void stop_signal::stop_on_hangup() {
    struct sigaction before {};
    if (sigaction(SIGHUP, nullptr, &before) != 0) fail("sigaction");
    if (before.sa_handler != SIG_IGN) handle(SIGHUP, &on_stop_signal); // else by nohup
}

stop_signal::wish stop_signal::wait() noexcept {
    for (;;) {
        pollfd woken{wake_pipe[0], POLLIN, 0};
        while (poll(&woken, 1, -1) < 0 && errno == EINTR) {
        }
        empty_pipe(); // before looking, so that what comes later wakes again
        if (stop_requested) return wish::stop;
        const int number = first_signal;
        if (number != 0) return number == SIGINT ? wish::stop : wish::drain;
        if (hangup_seen.exchange(false)) return wish::reload;
    }
}

} // namespace cryo_tool
