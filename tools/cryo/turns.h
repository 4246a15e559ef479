// The turns that a client's loop, the input and signals take on one thread.
#pragma once

#include "conversation.h"
#include "input.h"
#include "stop_signal.h"

#include <cryo.hpp>

namespace cryo_tool {

class turns {
  public:
    using clock = conversation::clock;

    turns(conversation &talk, cryo::loop &loop, stop_signal &stop) : talk_(talk), loop_(loop), stop_(stop) {}

    // Waits until something happens, or for so long, and lets the client do its part. A signal closes the
    // conversation. True: the input (may be NULL) can be read.
    bool next(const input *from, clock::time_point latest = clock::time_point::max());

  private:
    int timeout(const input *from, clock::time_point latest) const;

    conversation &talk_;
    cryo::loop &loop_;
    stop_signal &stop_;
    bool stopped_ = false;
};

} // namespace cryo_tool
