// The messages of one session that go to all others: who has heard which.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace cryo_tool {

// Numbers count from 0, as those who hear count; the frames' own begin at first(). At most `outstanding`
// messages are on their way, so that a ring of them is enough.
class bench_broadcast {
  public:
    explicit bench_broadcast(std::uint32_t outstanding) : ring_(std::bit_ceil(std::size_t{outstanding})) {}

    // The salt is that of the session that sends, `first` the number of its first message.
    void begin(std::uint32_t salt, std::uint32_t first, std::uint64_t listeners) noexcept {
        salt_ = salt;
        first_ = first;
        listeners_ = listeners;
    }
    std::uint32_t salt() const noexcept { return salt_; }
    std::uint32_t first() const noexcept { return first_; }

    void sent(std::uint64_t due) noexcept { at(next_++) = {due, listeners_}; }
    // Whether such a message was sent, and somebody is still to hear it.
    bool is_under_way(std::uint32_t number) const noexcept {
        return next_ - number - 1 < ring_.size() && ring_[number & (ring_.size() - 1)].missing > 0;
    }
    std::uint64_t due(std::uint32_t number) noexcept { return at(number).due; }
    // True: all have heard it.
    bool heard(std::uint32_t number) noexcept { return --at(number).missing == 0; }

    // How many are still to be heard, over all messages and listeners.
    std::uint64_t missing() const noexcept {
        std::uint64_t count = 0;
        for (const entry &each : ring_)
            count += each.missing;
        return count;
    }

  private:
    struct entry {
        std::uint64_t due = 0;
        std::uint64_t missing = 0;
    };
    entry &at(std::uint32_t number) noexcept { return ring_[number & (ring_.size() - 1)]; }

    std::vector<entry> ring_;
    std::uint64_t listeners_ = 0;
    std::uint32_t salt_ = 0;
    std::uint32_t first_ = 0;
    std::uint32_t next_ = 0;
};

} // namespace cryo_tool
