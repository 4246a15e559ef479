// How many attempts each address has made lately, over all loops.
#pragma once

#include "base/clock.h"
#include "net/address.h"

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <unordered_map>

namespace cryo_core {

// An address that uses up its share gets a new attempt each window / count. For each one time is kept: when
// all that it has used is free again.
class attempt_limit {
  public:
    // Addresses that are remembered. Against a flood from ever new ones, which then do not count until others
    // are forgotten: the limit is against few that try much.
    static constexpr std::size_t max_addresses = 65536;

    // 0: no limit.
    void set(std::uint32_t count, time_us window) noexcept {
        step_ = count == 0 ? 0 : std::max<time_us>(window / count, 1);
        window_ = window;
    }
    bool on() const noexcept { return step_ != 0; }

    // How long until the address has one; 0: now.
    time_us wait(const net::address_key &address, time_us now) const;
    // The same, and takes it, where there is one.
    time_us take(const net::address_key &address, time_us now);

  private:
    time_us wait_for(time_us used_until, time_us now) const noexcept;
    void forget(time_us now) noexcept;

    mutable std::mutex mutex_;
    std::unordered_map<net::address_key, time_us> used_until_;
    time_us step_ = 0;
    time_us window_ = 0;
    time_us forget_at_ = 0; // not sooner
};

struct attempt_limits {
    attempt_limit attempts;
    attempt_limit failed_tokens;
};

} // namespace cryo_core
