#include "open_files.h"

#include <sys/resource.h>

#include <algorithm>

namespace cryo_tool {

void adjust_open_files_limit() noexcept {
    constexpr rlim_t enough = 1'048'576;
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = std::min(limit.rlim_max, enough);
    static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
}

} // namespace cryo_tool
