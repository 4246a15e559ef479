// What carries the connections of a test's loops: tests of bytes run over each of the transports, as
// CRYO_TEST_TRANSPORT says.
#pragma once

#include "net/loop.h"

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace cryo_test {

inline cryo_core::net::transport_kind tested_transport() {
    using kind = cryo_core::net::transport_kind;
    const char *const set = std::getenv("CRYO_TEST_TRANSPORT");
    const std::string name = set != nullptr ? set : "auto";
    if (name == "auto") return kind::automatic;
    if (name == "libwebsockets") return kind::libwebsockets;
    if (name == "poll") return kind::poll;
    if (name == "each") return kind::poll_each;
    throw std::runtime_error("CRYO_TEST_TRANSPORT: there is no " + name);
}

// The same options over it, unless they name one.
inline cryo_core::net::loop_options over_tested(cryo_core::net::loop_options options = {}) {
    if (options.transport == cryo_core::net::transport_kind::automatic)
        options.transport = tested_transport();
    return options;
}

} // namespace cryo_test
