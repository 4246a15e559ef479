// `cryo serve`.
#pragma once

#include "exit_status.h"
#include "serve_options.h"

namespace cryo_tool {

// Serves until a signal comes. Returns the exit status; what went wrong is on standard error.
int serve(const serve_options &options);

} // namespace cryo_tool
