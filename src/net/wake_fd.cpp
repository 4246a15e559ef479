#include "net/wake_fd.h"

#include <cstdint>

#ifdef __linux__
#include <sys/eventfd.h>
#endif
#ifndef _WIN32
#include <fcntl.h>
#include <unistd.h>
#endif

namespace cryo_core::net {

#if defined(_WIN32)

wake_fd::wake_fd() noexcept = default;
wake_fd::~wake_fd() = default;
void wake_fd::signal() noexcept {}
void wake_fd::clear() noexcept {}

#else

wake_fd::wake_fd() noexcept {
#ifdef __linux__
    read_ = write_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
#else
    int ends[2];
    if (pipe(ends) != 0) return;
    for (const int end : ends) {
        fcntl(end, F_SETFL, O_NONBLOCK);
        fcntl(end, F_SETFD, FD_CLOEXEC);
    }
    read_ = ends[0];
    write_ = ends[1];
#endif
}

wake_fd::~wake_fd() {
    if (read_ >= 0) ::close(read_);
    if (write_ >= 0 && write_ != read_) ::close(write_);
}

void wake_fd::signal() noexcept {
    const std::uint64_t one = 1;
    // A full pipe is readable already.
    [[maybe_unused]] const auto written = ::write(write_, &one, sizeof one);
}

void wake_fd::clear() noexcept {
    std::uint64_t sink;
    while (::read(read_, &sink, sizeof sink) > 0 && read_ != write_) {
    }
}

#endif

} // namespace cryo_core::net
