#include "server/address_book.h"

namespace cryo_core {

bool address_book::enter(const net::address_key &address, std::size_t limit) {
    const std::lock_guard lock(mutex_);
    std::size_t &count = counts_[address];
    if (count >= limit) return false;
    ++count;
    return true;
}

void address_book::leave(const net::address_key &address) noexcept {
    const std::lock_guard lock(mutex_);
    const auto found = counts_.find(address);
    if (found != counts_.end() && --found->second == 0) counts_.erase(found);
}

} // namespace cryo_core
