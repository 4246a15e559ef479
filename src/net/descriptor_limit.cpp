#include "net/descriptor_limit.h"

#include "net/bind.h"

#include <algorithm>
#include <cstdint>

#ifndef _WIN32
#include <sys/resource.h>
#endif

namespace cryo_core::net {

#ifdef _WIN32

// There the tables do not go by descriptors.
modest_descriptor_limit::modest_descriptor_limit(std::uint32_t) noexcept : shown_(SIZE_MAX), before_(0) {}
modest_descriptor_limit::~modest_descriptor_limit() = default;

#else

namespace {

constexpr std::size_t modest = 131'072;

} // namespace

modest_descriptor_limit::modest_descriptor_limit(std::uint32_t connections) noexcept
    : shown_(SIZE_MAX), before_(0) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    shown_ = limit.rlim_cur;
    const socket lowest_free = open_spare();
    if (!lowest_free) return; // none is free: the others that are to come need the whole limit
    const std::size_t wanted =
        2 * std::max<std::size_t>(connections, static_cast<std::size_t>(lowest_free.get()));
    const std::size_t enough = std::max(modest, wanted);
    if (shown_ <= enough) return;
    before_ = shown_;
    limit.rlim_cur = enough;
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
        shown_ = enough;
    else
        before_ = 0;
}

modest_descriptor_limit::~modest_descriptor_limit() {
    rlimit limit{};
    if (before_ == 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    if (limit.rlim_cur != shown_) return; // somebody else has set it meanwhile
    limit.rlim_cur = before_;
    static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
}

#endif

} // namespace cryo_core::net
