// The codes and the payload of close frames (RFC 6455 sections 5.5.1 and 7.4).
#pragma once

#include "base/bytes.h"

namespace cryo_core::ws {

namespace close_code {
constexpr std::uint16_t normal = 1000;
constexpr std::uint16_t going_away = 1001;
constexpr std::uint16_t protocol_error = 1002;
constexpr std::uint16_t unsupported = 1003;
constexpr std::uint16_t no_status = 1005; // never on the wire: the close frame had no code
constexpr std::uint16_t abnormal = 1006;  // never on the wire: there was no close frame
constexpr std::uint16_t invalid_payload = 1007;
constexpr std::uint16_t policy_violation = 1008;
constexpr std::uint16_t too_big = 1009;
constexpr std::uint16_t internal_error = 1011;
constexpr std::uint16_t try_again_later = 1013;
} // namespace close_code

// A control frame carries 125 bytes at most (section 5.5), two of them are the code.
constexpr std::size_t max_control_size = 125;
constexpr std::size_t max_reason_size = max_control_size - 2;

struct close_reason {
    std::uint16_t code = close_code::no_status;
    std::string_view text;
};

// What a peer's close frame may carry: the registered codes that are meant for the wire, and 3000 to 4999,
// which libraries and applications share among themselves.
bool may_be_received(std::uint16_t code) noexcept;

// What an application may close with: the same without 1010, which only a client that misses an extension
// sends.
bool may_be_sent(std::uint16_t code) noexcept;

} // namespace cryo_core::ws
