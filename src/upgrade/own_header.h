// Headers that an application adds to a client's request.
#pragma once

#include <cstddef>
#include <string_view>

namespace cryo_core::upgrade {

// All of them together, as lines: what servers usually take of a head.
constexpr std::size_t max_own_headers = 8 * 1024;

// Why this is no header, or none that an application may add: what the handshake consists of is not (RFC 6455
// section 4.1), nor what is between two hops only (RFC 9110 section 7.6.1). A static text for a person;
// empty: it is good.
std::string_view own_header_trouble(std::string_view name, std::string_view value) noexcept;

} // namespace cryo_core::upgrade
