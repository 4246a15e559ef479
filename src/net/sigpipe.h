// SIGPIPE is the host's: what it does about it stays, and none is raised by us. Our own writes say so to the
// system (MSG_NOSIGNAL); libwebsockets and the TLS library under it do not.
#pragma once

#include <libwebsockets.h>

#ifndef _WIN32
#include <csignal>
#endif

namespace cryo_core::net {

// Around lws_create_context(), which has the signal ignored from then on.
class sigpipe_kept {
  public:
    sigpipe_kept() noexcept;
    ~sigpipe_kept();
    sigpipe_kept(const sigpipe_kept &) = delete;
    sigpipe_kept &operator=(const sigpipe_kept &) = delete;

#ifndef _WIN32
  private:
    struct sigaction before_;
#endif
};

// Around what writes to a TLS connection that has no quiet writer yet: what the calling thread raises
// meanwhile is taken back.
class sigpipe_blocked {
  public:
    explicit sigpipe_blocked(bool wanted) noexcept;
    ~sigpipe_blocked();
    sigpipe_blocked(const sigpipe_blocked &) = delete;
    sigpipe_blocked &operator=(const sigpipe_blocked &) = delete;

#ifndef _WIN32
  private:
    sigset_t before_;
    bool wanted_; // false: it was blocked or pending before, or is not to be
#endif
};

// From now on this connection's TLS writes raise no signal.
void write_quietly(lws *wsi) noexcept;

} // namespace cryo_core::net
