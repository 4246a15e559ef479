// What a peer's certificate says of it.
#pragma once

#include <string>
#include <vector>

namespace cryo_core::net {

struct peer_certificate {
    std::string subject;            // "CN=alice,O=Example" (RFC 4514)
    std::vector<std::string> names; // its alternative names: "DNS:a.example", "IP:192.0.2.7", "URI:…"
    std::string fingerprint;        // SHA-256 of all of it, 64 hexadecimal digits in lower case
};

} // namespace cryo_core::net
