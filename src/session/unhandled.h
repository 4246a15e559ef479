// The messages that were received and that the application has not acknowledged yet, where it is to do that.
#pragma once

#include "session/number_ring.h"

namespace cryo_core {

class unhandled {
  public:
    // In the order of their numbers.
    void received(std::uint32_t number) { entries_.push({number, true, false}); }
    // To the application.
    void delivered(std::uint32_t number) noexcept {
        if (entry *const found = entries_.find(number)) {
            found->delivered = true;
            ++with_application_;
        }
    }
    // Of one that never gets there.
    void left_out(std::uint32_t number) noexcept {
        if (entry *const found = entries_.find(number)) entries_.settle(*found);
    }
    // By the application. False: it does not have that one.
    bool handled(std::uint32_t number) noexcept {
        entry *const found = entries_.find(number);
        if (found == nullptr || !found->delivered) return false;
        --with_application_;
        entries_.settle(*found);
        return true;
    }

    // How many it has.
    std::uint32_t with_application() const noexcept { return with_application_; }
    // One more than the number of the last of those that are all done with; `received` if none is left.
    std::uint32_t done_until(std::uint32_t received) const noexcept {
        return entries_.empty() ? received : entries_.front().number;
    }

  private:
    struct entry {
        std::uint32_t number;
        bool open;
        bool delivered;
    };
    number_ring<entry> entries_;
    std::uint32_t with_application_ = 0;
};

} // namespace cryo_core
