// Which process this is: another one in each half of a fork, which goes on with all that was in memory.
#pragma once

#include <cstdint>

namespace cryo_core {

// Zero where processes do not fork.
std::int64_t process_id() noexcept;

} // namespace cryo_core
