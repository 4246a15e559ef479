// libwebsockets' log goes into ours: not more than a few lines in a while, as peers can cause them, and with
// the last ones kept to say why something failed.
#pragma once

#include <libwebsockets.h>
#include <string>

namespace cryo_core::net {

void redirect_lws_log(); // the first call does it, for the process

// A context of libwebsockets 4.3 counts its objects in the log that it writes to, without a lock, and asserts
// that the count is right. So each context gets a log of its own, instead of one for the process; it must be
// there for as long as the context is.
class lws_log {
  public:
    void give_to(lws_context_creation_info &info) noexcept;

#if LWS_LIBRARY_VERSION_NUMBER >= 4003000
  private:
    lws_log_cx_t log_{};
#endif
};

void forget_lws_log() noexcept;
// The lines since forget_lws_log(), the newest few.
std::string recent_lws_log();

} // namespace cryo_core::net
