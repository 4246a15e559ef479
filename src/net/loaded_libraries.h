// Whether what this library was built on is what it runs on. A process may have another version of it loaded
// before, or in itself (Node.js has libuv, OpenSSL and more in its program, and offers them to all that it
// loads); then structures have other sizes, and calls end the process.
#pragma once

#include "base/status.h"

namespace cryo_core::net {

// status::unsupported, with the words that help. To be asked before any of these libraries is called. What
// only comes from an unusual place is logged, once.
failure check_loaded_libraries();

} // namespace cryo_core::net
