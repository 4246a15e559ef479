// One message on its way to many sessions from a thread that is none of theirs: one letter to each loop, as
// with a broadcast, and an answer for each session, as with a send.
#pragma once

#include "endpoint/session_control.h"

#include <memory>
#include <vector>

namespace cryo_core {

class multicast {
  public:
    multicast(message_kind kind, shared_bytes payload) noexcept;
    multicast(const multicast &) = delete;
    multicast &operator=(const multicast &) = delete;
    ~multicast(); // what was added leaves

    // As session_control::send.
    status add(std::shared_ptr<session_control> &&to);

  private:
    class letter;
    letter &letter_to(const std::shared_ptr<net::loop> &loop);

    const shared_bytes payload_;
    const message_kind kind_;
    std::vector<std::unique_ptr<letter>> letters_;
};

} // namespace cryo_core
