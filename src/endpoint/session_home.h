// The loop that a session lives on which was opened from this side: a client's, or one of a server's.
#pragma once

#include "net/loop.h"
#include "session/extension.h"

#include <memory>

namespace cryo_core {

class session_control;
class worker_pool;

// Is told that a session has ended, behind everything else of it.
class end_watcher {
  public:
    virtual void on_end(const session_control &who) noexcept = 0;

  protected:
    ~end_watcher() = default;
};

class session_home {
  public:
    virtual ~session_home() = default;

    virtual const std::shared_ptr<net::loop> &loop() const noexcept = 0;
    virtual worker_pool &workers() noexcept = 0;
    // What its sessions' messages pass through; null: each session has its own.
    virtual const extension_source *extensions() const noexcept { return nullptr; }
    // It is held, on the loop's thread, when nothing else of the session is there any more.
    virtual std::shared_ptr<end_watcher> watcher() noexcept = 0;
};

} // namespace cryo_core
