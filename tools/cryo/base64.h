// Bytes as text: RFC 4648.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace cryo_tool {

// Section 4, padded.
std::string to_base64(std::span<const std::uint8_t> data);

// Section 5, without padding: for what goes into a URL as it is.
std::string to_base64url(std::span<const std::uint8_t> data);

} // namespace cryo_tool
