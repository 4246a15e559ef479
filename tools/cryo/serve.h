// `cryo serve`.
#pragma once

#include "serve_options.h"

namespace cryo_tool {

enum exit_status : int { exit_ok = 0, exit_failed = 1, exit_usage = 2, exit_reader_gone = 141 };

// Serves until a signal comes. Returns the exit status; what went wrong is on standard error.
int serve(const serve_options &options);

} // namespace cryo_tool
