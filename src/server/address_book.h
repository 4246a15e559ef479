// How many connections, or sessions, each address has, over all loops.
#pragma once

#include "net/address.h"

#include <cstddef>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace cryo_core {

class address_book {
  public:
    // Counts one in, unless its address has `limit` of them (at least 1). One that is refused does not count:
    // a client that tries again at once is not kept out by its own attempts.
    bool enter(const net::address_key &address, std::size_t limit);
    void leave(const net::address_key &address) noexcept;

  private:
    std::mutex mutex_;
    std::unordered_map<net::address_key, std::size_t> counts_;
};

// Counts one in for as long as it lives.
class address_entry {
  public:
    address_entry() noexcept = default;
    address_entry(address_entry &&from) noexcept
        : in_(std::exchange(from.in_, nullptr)), address_(from.address_) {}
    address_entry &operator=(address_entry &&from) noexcept {
        std::swap(in_, from.in_);
        std::swap(address_, from.address_);
        return *this;
    }
    ~address_entry() {
        if (in_ != nullptr) in_->leave(address_);
    }
    // False: there are as many. 0: no limit.
    bool enter(address_book &in, const net::address_key &address, std::size_t limit) {
        if (limit == 0) return true;
        if (!in.enter(address, limit)) return false;
        in_ = &in;
        address_ = address;
        return true;
    }

  private:
    address_book *in_ = nullptr;
    net::address_key address_{};
};

} // namespace cryo_core
