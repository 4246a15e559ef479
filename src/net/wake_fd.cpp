#include "net/wake_fd.h"

#include "net/descriptors.h"

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
    read_ = write_ = above_standard(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    hold_descriptor(read_);
#else
    int ends[2];
    if (pipe(ends) != 0) return;
    for (int &end : ends) {
        end = above_standard(end);
        hold_descriptor(end);
        fcntl(end, F_SETFL, O_NONBLOCK);
        fcntl(end, F_SETFD, FD_CLOEXEC);
    }
    read_ = ends[0];
    write_ = ends[1];
#endif
}

wake_fd::~wake_fd() {
    for (const int end : {write_ == read_ ? -1 : write_, read_}) {
        give_up_descriptor(end);
        if (end >= 0) ::close(end);
    }
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
