#include "server/attempt_limits.h"

namespace cryo_core {

namespace {

// Between two looks at all addresses, when there is no room for another one.
constexpr time_us between_looks = from_ms(1000);

} // namespace

time_us attempt_limit::wait_for(time_us used_until, time_us now) const noexcept {
    return std::max<time_us>(std::max(used_until, now) + step_ - (now + window_), 0);
}

time_us attempt_limit::wait(const net::address_key &address, time_us now) const {
    if (!on()) return 0;
    const std::lock_guard lock(mutex_);
    const auto found = used_until_.find(address);
    return found == used_until_.end() ? 0 : wait_for(found->second, now);
}

time_us attempt_limit::take(const net::address_key &address, time_us now) {
    if (!on()) return 0;
    const std::lock_guard lock(mutex_);
    if (used_until_.size() >= max_addresses && !used_until_.contains(address)) {
        forget(now);
        if (used_until_.size() >= max_addresses) return 0;
    }
    time_us &used_until = used_until_.try_emplace(address, now).first->second;
    const time_us left = wait_for(used_until, now);
    if (left == 0) used_until = std::max(used_until, now) + step_;
    return left;
}

// Those who have used nothing up.
void attempt_limit::forget(time_us now) noexcept {
    if (now < forget_at_) return;
    forget_at_ = now + between_looks;
    std::erase_if(used_until_, [now](const auto &one) { return one.second <= now; });
}

} // namespace cryo_core
