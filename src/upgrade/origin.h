// Where a page comes from, as browsers say it with each WebSocket that one opens (RFC 6454).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cryo_core::upgrade {

// In the form in which two that are the same are equal: scheme and host in lower case, without the scheme's
// own port. "null", which stands for pages without an origin, is itself. Nothing: that is no origin.
std::optional<std::string> normal_origin(std::string_view text);

// `allowed` are of that form; without any, all are. `origin` is a request's header, empty if it has none: who
// is no browser may say whatever it likes there, so it need not say anything.
bool origin_is_allowed(const std::vector<std::string> &allowed, std::string_view origin);

} // namespace cryo_core::upgrade
