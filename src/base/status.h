// The outcomes that cross the C boundary, by the same numbers as in cryo.h (src/capi asserts it), and a
// failure with its sentence for people.
#pragma once

#include <cstdint>
#include <string>

namespace cryo_core {

enum class status : std::int32_t {
    ok = 0,
    invalid = -1,
    handle = -2,
    state = -3,
    no_memory = -4,
    closed = -5,
    full = -6,
    too_big = -7,
    timeout = -8,
    not_found = -9,
    buffer = -10,
    address = -11,
    address_in_use = -12,
    permission = -13,
    tls_file = -14,
    tls_certificate = -15,
    tls_key = -16,
    tls_mismatch = -17,
    tls_expired = -18,
    tls = -19,
    system = -20,
    unsupported = -21,
    internal = -22,
    total_full = -23,
    receipts_full = -24,
    exists = -25,
    resolve = -30,
    connect = -31,
    http = -32,
    tls_name = -33,
    tls_untrusted = -34,
    token = -35,
};

// What went wrong, where, and what to do. `code` is status::ok when nothing did.
struct failure {
    status code = status::ok;
    std::string text;

    explicit operator bool() const noexcept { return code != status::ok; }
};

} // namespace cryo_core
