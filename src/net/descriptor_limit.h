// How many descriptors libwebsockets prepares for.
#pragma once

#include "net/socket.h"

#include <cstddef>
#include <cstdint>

namespace cryo_core::net {

// libwebsockets asks for the limit of open files when it makes a context, and prepares tables for as many:
// for a million 16 MB, one of which is read from end to end whenever a connection closes (as distributions
// build it); with more than ten million it makes do with 2560. Containers often have such limits, though
// nobody wants so many. So, while this lives, the process has a modest one.
class modest_descriptor_limit {
  public:
    // For at least so many connections, and for as many more descriptors as the process has now.
    explicit modest_descriptor_limit(std::uint32_t connections) noexcept;
    ~modest_descriptor_limit();
    modest_descriptor_limit(const modest_descriptor_limit &) = delete;
    modest_descriptor_limit &operator=(const modest_descriptor_limit &) = delete;

    // The descriptors below it have a place in the tables. libwebsockets must not be given another one.
    std::size_t shown() const noexcept { return shown_; }

  private:
    std::size_t shown_;
    std::size_t before_; // 0: it was modest already
};

} // namespace cryo_core::net
