// Bytes that nobody can foretell, from the system.
#pragma once

#include "base/bytes.h"

namespace cryo_core {

// Throws std::runtime_error where the system has none to give.
void fill_random(bytes_mut out);

} // namespace cryo_core
