// Sec-WebSocket-Key, and what a server answers to it (RFC 6455 4.1 and 4.2.2).
#pragma once

#include "base/bytes.h"

#include <string>
#include <string_view>

namespace cryo_core::upgrade {

// The base64 of 16 bytes, in the one way of writing it.
bool is_websocket_key(std::string_view text) noexcept;

// A client's: of 16 random bytes. Throws as fill_random does.
std::string new_websocket_key();

// RFC 4648 section 4, with its padding.
std::string base64(bytes_view data);

// base64(SHA-1(key + the RFC's GUID)); empty if the cryptographic library fails.
std::string accept_key(std::string_view sec_websocket_key);

} // namespace cryo_core::upgrade
