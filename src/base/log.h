// The library's log: one sink for the process. No token and no payload ever goes into it.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace cryo_core {

enum class log_level : std::int32_t { off = 0, error = 1, warning = 2, info = 3, debug = 4 };

class log_sink {
  public:
    virtual ~log_sink() = default;
    // One line without its end; calls come one at a time. What is logged inside of it is left out.
    virtual void write(log_level level, std::string_view line) noexcept = 0;
};

// `sink` null: standard error. Returns when the former sink is gone.
void set_log(log_level level, std::unique_ptr<log_sink> sink);

// Whether this thread is inside of a sink, where set_log must not be called.
bool inside_log_sink() noexcept;

bool log_enabled(log_level level) noexcept;

// Control characters in `line` are shown as '?': a peer's bytes cannot forge lines.
void log(log_level level, std::string_view line) noexcept;

} // namespace cryo_core
