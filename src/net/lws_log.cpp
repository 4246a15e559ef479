#include "net/lws_log.h"

#include "base/clock.h"
#include "base/fork.h"
#include "base/log.h"
#include "base/never_destroyed.h"

#include <array>
#include <mutex>
#include <new>
#include <string_view>

namespace cryo_core::net {

namespace {

constexpr int levels = LLL_ERR | LLL_WARN;
constexpr int lines_per_window = 10;
constexpr time_us window = from_ms(10'000);
constexpr std::size_t kept_lines = 4;
constexpr std::size_t max_kept_line = 200;

struct log_state {
    std::mutex mutex;
    std::array<std::string, kept_lines> kept;
    std::size_t count = 0;
    time_us window_began = 0;
    int in_window = 0;
};

log_state &state() noexcept {
    static never_destroyed<log_state> the_state;
    [[maybe_unused]] static const bool watched = [] {
        at_fork({.in_child = [] { new (&(*the_state).mutex) std::mutex; }});
        return true;
    }();
    return *the_state;
}

// Whether one more line may be shown now, and how many were not before it.
bool admit(log_state &s, int &hidden) {
    const time_us now = monotonic_now();
    hidden = 0;
    if (s.in_window == 0 || now - s.window_began >= window) {
        if (s.in_window > lines_per_window) hidden = s.in_window - lines_per_window;
        s.window_began = now;
        s.in_window = 0;
    }
    return ++s.in_window <= lines_per_window;
}

void take_line(int level, const char *text) noexcept {
    std::string_view line(text);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
        line.remove_suffix(1);
    try {
        int hidden = 0;
        {
            log_state &s = state();
            const std::lock_guard lock(s.mutex);
            s.kept[s.count++ % kept_lines] = line.substr(0, max_kept_line);
            if (!admit(s, hidden)) return;
        }
        std::string shown = "libwebsockets: ";
        shown += line;
        if (hidden > 0) shown += " (and " + std::to_string(hidden) + " lines before it that were not shown)";
        log((level & LLL_ERR) != 0 ? log_level::error : log_level::warning, shown);
    } catch (...) { // out of memory: the line is lost
    }
}

} // namespace

void redirect_lws_log() {
    static std::once_flag once;
    std::call_once(once, [] { lws_set_log_level(levels, take_line); });
}

void lws_log::give_to([[maybe_unused]] lws_context_creation_info &info) noexcept {
#if LWS_LIBRARY_VERSION_NUMBER >= 4003000
    log_.u.emit = take_line;
    log_.lll_flags = levels;
    info.log_cx = &log_;
#endif
}

void forget_lws_log() noexcept {
    log_state &s = state();
    const std::lock_guard lock(s.mutex);
    s.count = 0;
}

std::string recent_lws_log() {
    log_state &s = state();
    const std::lock_guard lock(s.mutex);
    std::string all;
    for (std::size_t i = s.count > kept_lines ? s.count - kept_lines : 0; i < s.count; ++i) {
        if (!all.empty()) all += "; ";
        all += s.kept[i % kept_lines];
    }
    return all;
}

} // namespace cryo_core::net
