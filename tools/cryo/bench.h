// `cryo bench`: a load generator.
#pragma once

#include "bench/options.h"

namespace cryo_tool {

// Returns an exit_status.
int bench(const bench_options &options);

} // namespace cryo_tool
