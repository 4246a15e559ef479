// A fork copies the memory of a process and one of its threads. The library's threads are not there in the
// child, whatever they held or were about to do, so nothing in it can go on with what the parent has made.
// Each layer says here what it does about that.
#pragma once

#include <atomic>
#include <cstdint>

namespace cryo_core {

namespace detail {
extern constinit std::atomic<std::uint32_t> forks;
}

// Grows in each child: what was made under another number was made in another process.
inline std::uint32_t process_number() noexcept {
    return detail::forks.load(std::memory_order_relaxed);
}

struct fork_hooks {
    void (*before)() = nullptr;
    void (*in_parent)() = nullptr;
    void (*in_child)() = nullptr; // of the C library only what a signal handler may call
};

// For good; to be called once for each set of hooks, before there is anything that they are about.
void at_fork(const fork_hooks &hooks) noexcept;

} // namespace cryo_core
