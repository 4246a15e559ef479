// What proxies say of where a request comes from: X-Forwarded-For, and Forwarded (RFC 7239). Read from the
// right: each proxy puts its word behind what it was given, so only what stands last is said by one that we
// know.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cryo_core::upgrade {

// One station of the way.
struct forwarded_node {
    enum class kind : std::uint8_t {
        address,   // what looks like one
        hidden,    // unknown, or a name that the proxy made up
        malformed, // none of these
    };
    kind is = kind::malformed;
    std::string host{};     // an address: its text, without brackets
    std::uint16_t port = 0; // 0: not said
};

// The last station, which is taken off the value (the lines of the header, with commas between them);
// nothing: there is none any more.
std::optional<forwarded_node> take_last_of_x_forwarded_for(std::string_view &value);
std::optional<forwarded_node> take_last_of_forwarded(std::string_view &value);

} // namespace cryo_core::upgrade
