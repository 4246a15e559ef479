// Which message a peer has closed the connection for.
#pragma once

#include "session/unsent_message.h"

#include <cstdint>
#include <span>

namespace cryo_core {

// Remembers over the connections of one session what a close said, so that a message is not sent again and
// again to a peer that closes whenever it comes.
class refused_message {
  public:
    // `all`: what was not acknowledged when the peer closed with this code, the oldest first. Returns the
    // index of the one that is refused, which has left, or all.size().
    //
    // 1009 means the largest of them: if any is too big, that one is. 1007 means a text, the oldest that is
    // not UTF-8 or else the oldest. 1008 can have other causes: the oldest is refused when it was that twice
    // in a row.
    std::size_t find(std::uint16_t code, std::span<const unsent_message> all) noexcept;

  private:
    shared_bytes suspect_; // the oldest at a close with 1008
};

} // namespace cryo_core
