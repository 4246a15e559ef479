// What TLS is set up from, a server's and a client's alike.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cryo_core::net {

// A certificate and its key: PEM or DER. A file's name wins over the bytes. The certificate may be followed
// by its chain (PEM).
struct tls_source {
    std::string certificate_file{};
    std::string key_file{};
    std::vector<std::uint8_t> certificate{};
    std::vector<std::uint8_t> key{};
};

// The oldest one that is spoken.
enum class tls_version : std::uint8_t { v1_2, v1_3 };

} // namespace cryo_core::net
