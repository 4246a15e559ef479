// libwebsockets' log goes into ours: not more than a few lines in a while, as peers can cause them, and with
// the last ones kept to say why something failed.
#pragma once

#include <string>

namespace cryo_core::net {

void redirect_transport_log(); // the first call does it, for the process

void forget_transport_log() noexcept;
// The lines since forget_transport_log(), the newest few.
std::string recent_transport_log();

} // namespace cryo_core::net
