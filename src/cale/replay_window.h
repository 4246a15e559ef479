// Which counters of a peer have been seen: each is taken once. Gaps and reordering are legal, since peers may
// encrypt first and drop or reorder afterwards.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace cryo_core::cale {

class replay_window {
  public:
    // How far behind the highest counter one may still come. Against replays, which would have to be
    // remembered for ever otherwise.
    static constexpr std::uint32_t width = 4096;

    // True at most once for each counter, and never for one that is width or more behind the highest.
    bool take(std::uint32_t counter) noexcept {
        if (empty_ || counter > highest_) {
            advance(counter);
        } else if (highest_ - counter >= width || is_marked(counter)) {
            return false;
        }
        word_of(counter) |= bit_of(counter);
        return true;
    }

  private:
    static constexpr std::uint32_t word_bits = 64;

    std::uint64_t &word_of(std::uint32_t counter) noexcept { return words_[counter % width / word_bits]; }
    static std::uint64_t bit_of(std::uint32_t counter) noexcept {
        return std::uint64_t{1} << (counter % word_bits);
    }
    bool is_marked(std::uint32_t counter) noexcept { return (word_of(counter) & bit_of(counter)) != 0; }

    // Moves the window's end to a counter beyond it and forgets what falls out in front.
    void advance(std::uint32_t counter) noexcept {
        if (empty_ || counter - highest_ >= width) {
            words_.fill(0);
        } else {
            forget(highest_ + 1, counter - highest_);
        }
        empty_ = false;
        highest_ = counter;
    }

    // The places of so many counters, a word at a time where that is possible.
    void forget(std::uint32_t from, std::uint32_t count) noexcept {
        while (count > 0) {
            const bool whole = from % word_bits == 0 && count >= word_bits;
            if (whole) {
                word_of(from) = 0;
            } else {
                word_of(from) &= ~bit_of(from);
            }
            const std::uint32_t done = whole ? word_bits : 1;
            from += done;
            count -= done;
        }
    }

    std::array<std::uint64_t, width / word_bits> words_{}; // a ring: the place is the counter modulo width
    std::uint32_t highest_ = 0;
    bool empty_ = true;
};

} // namespace cryo_core::cale
