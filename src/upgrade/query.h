// Query strings (application/x-www-form-urlencoded), decoded as the URL standard has it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cryo_core::upgrade {

// More than any application passes in a URL; bounds what one request can make us allocate piece by piece.
constexpr std::size_t max_parameters = 64;

using parameters = std::vector<std::pair<std::string, std::string>>;

std::size_t count_parameters(std::string_view query) noexcept;

// '+' is a space, %XX a byte, a broken escape stays as it is; only '&' separates. The bytes need not be
// UTF-8.
parameters parse_query(std::string_view query);

// The first value of that name.
const std::string *find(const parameters &all, std::string_view name) noexcept;

// The text with U+FFFD for whatever is not UTF-8, one for each cut-short or impossible sequence
// (Unicode 3.9).
std::string replace_invalid_utf8(std::string_view text);

} // namespace cryo_core::upgrade
