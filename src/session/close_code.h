// How sessions are closed: codes, and the reasons that somebody looks for.
#pragma once

#include "cale/handshake.h"

#include <cstdint>
#include <string_view>

namespace cryo_core {

// The protocol's own close codes (those of RFC 6455 are in ws/close_code.h).
namespace cryo_close {
constexpr std::uint16_t graceful = 4000;
constexpr std::uint16_t client_error = 4001;
constexpr std::uint16_t server_error = 4002;
constexpr std::uint16_t cale_mismatch = cale::close_mismatch;
constexpr std::uint16_t cale_handshake = cale::close_handshake;
constexpr std::uint16_t invalid_payload = 1007; // text that is not UTF-8, as in RFC 6455

// The reason of a close with client_error or server_error that says that the peer was not heard: a loss, and
// not a fault.
constexpr std::string_view silence = "No sign of life after a ping.";
// The reason of one with client_error, when what a session was let in with holds no longer: its client may
// come back with a new token.
constexpr std::string_view expired = "Token expired.";
// The reason of one with client_error when frames were malformed, of which each was told by on_malformed.
constexpr std::string_view malformed = "Too many malformed frames.";
// The reason of one with graceful, when a CALE channel has done its share: the client comes back for a fresh
// one.
constexpr std::string_view rekey = "rekey";
} // namespace cryo_close

// Of a close because of session_options::stall_timeout.
constexpr const char *stalled_reason = "Nothing of what was sent is taken.";

} // namespace cryo_core
