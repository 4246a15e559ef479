#include "open_files.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

namespace cryo_tool {

void adjust_open_files_limit() noexcept {
    constexpr rlim_t enough = 1'048'576;
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = std::min(limit.rlim_max, enough);
    static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
}

void open_missing_standard_files() noexcept {
    for (;;) {
        const int got = ::open("/dev/null", O_RDWR); // the lowest number that is free
        if (got < 0) return;
        if (got > STDERR_FILENO) {
            ::close(got);
            return;
        }
    }
}

} // namespace cryo_tool
