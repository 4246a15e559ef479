// Bytes that all sessions of a server share.
#pragma once

#include <atomic>
#include <cstdint>

namespace cryo_core {

class byte_budget {
  public:
    explicit byte_budget(std::uint64_t limit) noexcept
        : limit_(limit), max_mails_(1024 + limit / mail_size) {}

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
    bool has_room(std::uint64_t bytes) const noexcept {
        return used_.load(std::memory_order_relaxed) + bytes <= limit_;
    }
    // What is there already, or will be when something else has gone: whatever the limit.
    void add(std::uint64_t bytes) noexcept { used_.fetch_add(bytes, std::memory_order_relaxed); }
    void release(std::uint64_t bytes) noexcept { used_.fetch_sub(bytes, std::memory_order_relaxed); }
    // Of a message that another thread has sent, until its loop takes it. There may be only so many of these:
    // what holds a short one is many times its size.
    bool reserve_mail(std::uint64_t bytes) noexcept {
        if (mails_.fetch_add(1, std::memory_order_relaxed) < max_mails_ && reserve(bytes)) return true;
        mails_.fetch_sub(1, std::memory_order_relaxed);
        return false;
    }
    void release_mail(std::uint64_t bytes, std::uint32_t count = 1) noexcept {
        mails_.fetch_sub(count, std::memory_order_relaxed);
        release(bytes);
    }
    std::uint64_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

  private:
    // About what one takes without its content.
    static constexpr std::uint64_t mail_size = 256;

    alignas(64) std::atomic<std::uint64_t> used_{0}; // what all threads write, apart from what they only read
    std::atomic<std::uint64_t> mails_{0};
    alignas(64) const std::uint64_t limit_;
    const std::uint64_t max_mails_;
};

} // namespace cryo_core
