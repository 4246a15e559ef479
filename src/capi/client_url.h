// The token and the session id in the URL of a client, where a server prints them to be pasted.
#pragma once

#include "base/url.h"
#include "base/uuid.h"

#include <optional>
#include <string>
#include <string_view>

namespace cryo_core::capi {

struct url_identity {
    std::string token; // empty: none
    std::optional<uuid> sid;
};

// Takes the parameters that are the protocol's own out of the query. Returns what is wrong with them, a
// static text for a person; empty: nothing is.
std::string_view take_identity(url &from, url_identity &into);

} // namespace cryo_core::capi
