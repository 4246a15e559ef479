// Which libraries carry the connections.
#pragma once

#include <string>

namespace cryo_core::net {

// "libwebsockets 4.1.6 with OpenSSL, libuv 1.44.2, plain connections over epoll": as they were loaded.
std::string library_versions();

} // namespace cryo_core::net
