// Where the client of a request is, by what trusted proxies say of it.
#pragma once

#include "net/trusted_proxies.h"
#include "upgrade/request.h"

#include <optional>

namespace cryo_core {

// Which headers of a trusted proxy say where a client is.
enum class forwarded_header : std::int32_t {
    none = 0,
    any = 1, // whichever is there; both must say the same
    x_forwarded_for = 2,
    forwarded = 3,
};

// From the right past those that are trusted. Where a station is hidden or malformed the way ends, at the
// last one that is known. Nothing: two headers name two clients, and one of them may be the client's own.
std::optional<net::address> client_address(const net::address &remote, const upgrade::request &head,
                                           const net::trusted_proxies &trusted, forwarded_header which);

} // namespace cryo_core
