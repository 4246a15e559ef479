#include "base/log.h"

#include "base/fork.h"
#include "base/never_destroyed.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <new>
#include <string>
#include <utility>

namespace cryo_core {

namespace {

void write_to_stderr(log_level level, std::string_view line) noexcept {
    const char *names[] = {"off", "error", "warning", "info", "debug"};
    std::fprintf(stderr, "cryo %s: %.*s\n", names[static_cast<int>(level)], static_cast<int>(line.size()),
                 line.data());
}

struct log_state {
    std::atomic<log_level> level{log_level::warning};
    std::mutex mutex; // held while a sink runs: its calls come one at a time, and replacing it waits
    std::unique_ptr<log_sink> sink; // null: standard error
};

thread_local bool inside_sink = false;

log_state &state() noexcept {
    static never_destroyed<log_state> the_state;
    [[maybe_unused]] static const bool watched = [] {
        // Not taken across the fork: a sink may wait for a lock that the forking thread has.
        at_fork({.in_child = [] { new (&(*the_state).mutex) std::mutex; }});
        return true;
    }();
    return *the_state;
}

} // namespace

void set_log(log_level level, std::unique_ptr<log_sink> sink) {
    log_state &s = state();
    {
        const std::lock_guard lock(s.mutex);
        s.level.store(level, std::memory_order_relaxed);
        std::swap(s.sink, sink);
    }
    // The former sink's destructor runs the application's finalizer: without the lock.
}

bool inside_log_sink() noexcept {
    return inside_sink;
}

bool log_enabled(log_level level) noexcept {
    return level <= state().level.load(std::memory_order_relaxed);
}

void log(log_level level, std::string_view line) noexcept {
    if (!log_enabled(level) || inside_sink) return;
    try {
        std::string clean(line);
        std::replace_if(
            clean.begin(), clean.end(),
            [](char c) {
                return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
            },
            '?');
        log_state &s = state();
        const std::lock_guard lock(s.mutex);
        if (!log_enabled(level)) return; // replaced meanwhile, by one that wants less
        inside_sink = true;
        s.sink ? s.sink->write(level, clean) : write_to_stderr(level, clean);
        inside_sink = false;
    } catch (...) { // out of memory: the line is lost, the caller is not
    }
}

} // namespace cryo_core
