// The messages that were sent and not acknowledged, for a session whose end wants to know: a client's.
#pragma once

#include "session/data_frame.h"
#include "session/number_ring.h"

namespace cryo_core {

class unacknowledged {
  public:
    // Against a server that never acknowledges: beyond so many bytes the oldest are no longer kept.
    explicit unacknowledged(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}

    // In the order of their numbers. One for which there is no memory is not kept.
    void sent(std::uint32_t number, const data_frame &frame) noexcept;
    void acknowledged(std::uint32_t number) noexcept;

    // The oldest, with its number; not when it is empty.
    struct entry {
        std::uint32_t number;
        bool open;
        data_frame frame;
    };
    bool empty() const noexcept { return entries_.empty(); }
    std::uint32_t size() const noexcept { return entries_.size(); }
    entry take_oldest() noexcept;

    // What it costs to keep it; an empty one costs, too.
    static std::uint64_t cost_of(const data_frame &frame) noexcept {
        return frame.payload.size() + frame.key.size() + sizeof(entry);
    }

  private:
    std::uint64_t max_bytes_;
    std::uint64_t bytes_ = 0;
    number_ring<entry> entries_;
};

} // namespace cryo_core
