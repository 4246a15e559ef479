// Bytes that all sessions of a server share.
#pragma once

#include <atomic>
#include <cstdint>

namespace cryo_core {

class byte_budget {
  public:
    explicit byte_budget(std::uint64_t limit) noexcept : limit_(limit) {}

    // False: it would be more than there is.
    bool reserve(std::uint64_t bytes) noexcept {
        const std::uint64_t before = used_.fetch_add(bytes, std::memory_order_relaxed);
        if (before + bytes <= limit_) return true;
        used_.fetch_sub(bytes, std::memory_order_relaxed);
        return false;
    }
    // How many of so many bytes there is no room for.
    std::uint64_t lacking(std::uint64_t bytes) const noexcept {
        const std::uint64_t used = used_.load(std::memory_order_relaxed);
        if (used >= limit_) return bytes + (used - limit_);
        return bytes > limit_ - used ? bytes - (limit_ - used) : 0;
    }
    // What is there already, or will be when something else has gone: whatever the limit.
    void add(std::uint64_t bytes) noexcept { used_.fetch_add(bytes, std::memory_order_relaxed); }
    void release(std::uint64_t bytes) noexcept { used_.fetch_sub(bytes, std::memory_order_relaxed); }
    std::uint64_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> used_{0};
    const std::uint64_t limit_;
};

} // namespace cryo_core
