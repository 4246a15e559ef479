// What a server answers to Sec-WebSocket-Key (RFC 6455 4.2.2).
#pragma once

#include <string>
#include <string_view>

namespace cryo_core::upgrade {

// The base64 of 16 bytes, in the one way of writing it.
bool is_websocket_key(std::string_view text) noexcept;

// base64(SHA-1(key + the RFC's GUID)); empty if the cryptographic library fails.
std::string accept_key(std::string_view sec_websocket_key);

} // namespace cryo_core::upgrade
