// What a connection speaks that does not speak HTTP/1, by its first bytes: for the log.
#pragma once

#include "base/bytes.h"

#include <string_view>

namespace cryo_core::upgrade {

// Static text, as "TLS"; "" for what is not known.
std::string_view foreign_protocol(bytes_view first) noexcept;

} // namespace cryo_core::upgrade
