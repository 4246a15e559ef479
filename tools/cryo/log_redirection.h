// The library's log on standard error.
#pragma once

#include "line_sink.h"

#include <cryo.hpp>

namespace cryo_tool {

// For as long as it lives; then the log goes where it went at the start.
class log_redirection {
  public:
    // `events`: what is for information goes to standard output, as JSON.
    log_redirection(cryo::log_level level, line_sink &to, bool events = false);
    log_redirection(const log_redirection &) = delete;
    log_redirection &operator=(const log_redirection &) = delete;
    ~log_redirection();
};

} // namespace cryo_tool
