#include "base/process_id.h"

#ifndef _WIN32
#include <unistd.h>
#endif

namespace cryo_core {

std::int64_t process_id() noexcept {
#ifdef _WIN32
    return 0;
#else
    return getpid();
#endif
}

} // namespace cryo_core
