// Files of certificates and keys, and bytes that are overwritten when they go.
#pragma once

#include "base/bytes.h"
#include "base/status.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cryo_core::net {

// false: `why` has tls_file or permission.
bool read_tls_file(const std::string &name, std::vector<std::uint8_t> &into, failure &why);

// Overwrites in a way that no compiler leaves out.
void wipe_secret(bytes_mut secret) noexcept;
void wipe_secret(std::vector<std::uint8_t> &secret) noexcept; // with the room that it has grown by

struct secret_bytes {
    secret_bytes() = default;
    secret_bytes(const secret_bytes &) = delete;
    secret_bytes &operator=(const secret_bytes &) = delete;
    ~secret_bytes() { wipe_secret(data); }
    std::vector<std::uint8_t> data;
};

} // namespace cryo_core::net
