// Whose word is taken for where a client is: the addresses of reverse proxies and balancers.
#pragma once

#include "net/address.h"

#include <string_view>
#include <vector>

namespace cryo_core::net {

class trusted_proxies {
  public:
    // "192.0.2.7", "10.0.0.0/8", "2001:db8::/32", "unix" (whoever connects to a Unix-domain socket). Returns
    // what is wrong, a static text for a person; empty: nothing is.
    std::string_view add(std::string_view network);

    bool empty() const noexcept { return networks_.empty() && !local_; }
    bool contains(const address &who) const noexcept;

  private:
    struct network {
        address base;
        unsigned bits;
    };
    std::vector<network> networks_;
    bool local_ = false;
};

} // namespace cryo_core::net
