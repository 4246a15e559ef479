// The messages that were sent and not acknowledged, for a session whose end wants to know: a client's.
#pragma once

#include "session/send_queue.h"

#include <deque>
#include <vector>

namespace cryo_core {

class unacknowledged {
  public:
    // Against a server that never acknowledges: beyond so many bytes the oldest are no longer kept.
    explicit unacknowledged(std::uint64_t max_bytes) noexcept : max_bytes_(max_bytes) {}

    // In the order of their numbers (modulo 2^32). One for which there is no memory is not kept.
    void sent(std::uint32_t number, const data_frame &frame) noexcept;
    void acknowledged(std::uint32_t number) noexcept;

    // In the order of sending.
    std::vector<data_frame> take();

  private:
    struct entry {
        std::uint32_t number;
        bool open;
        data_frame frame;
    };
    void drop_front() noexcept;

    std::uint64_t max_bytes_;
    std::uint64_t bytes_ = 0;
    std::deque<entry> entries_;
};

} // namespace cryo_core
