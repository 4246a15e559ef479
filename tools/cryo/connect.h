// `cryo connect`.
#pragma once

#include "connect_options.h"
#include "exit_status.h"

namespace cryo_tool {

// Connects and talks until either side has enough. Returns the exit status; what went wrong is on standard
// error.
int connect(const connect_options &options);

} // namespace cryo_tool
