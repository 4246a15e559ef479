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
    wake();
    errno = saved_errno;
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
    }
    if (fcntl(wake_pipe[1], F_SETFL, O_NONBLOCK) != 0) fail("fcntl");
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
    wake();
}

void stop_signal::wait() noexcept {
    pollfd woken{wake_pipe[0], POLLIN, 0};
    while (poll(&woken, 1, -1) < 0 && errno == EINTR) {
    }
}

} // namespace cryo_tool
