// What is remembered of frames that have left, by their numbers. They ascend (modulo 2^32) in the order of
// leaving, so the ring is searched by halves and forgets from its front.
#pragma once

#include "base/pooled_queue.h"

#include <cstdint>

namespace cryo_core {

// `Entry` has std::uint32_t number and bool open.
template <typename Entry>
class number_ring {
  public:
    bool empty() const noexcept { return entries_.empty(); }
    std::uint32_t size() const noexcept { return entries_.size(); }
    // The oldest; it is open.
    Entry &front() noexcept { return entries_.front(); }
    const Entry &front() const noexcept { return entries_.front(); }

    void push(Entry &&entry) { entries_.push_back(std::move(entry)); }

    // null: unknown, or settled.
    Entry *find(std::uint32_t number) noexcept {
        // Peers acknowledge in the order of what they get, as good as always.
        if (!empty() && entries_.front().number == number) return &entries_.front();
        std::uint32_t low = 0, high = entries_.size();
        const std::uint32_t oldest = high > 0 ? entries_.front().number : 0; // distances from it do not wrap
        while (low < high) {
            const std::uint32_t middle = low + (high - low) / 2;
            if (entries_[middle].number - oldest < number - oldest)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == entries_.size()) return nullptr;
        Entry &found = entries_[low];
        return found.number == number && found.open ? &found : nullptr;
    }

    void settle(Entry &entry) noexcept {
        entry.open = false;
        while (!entries_.empty() && !entries_.front().open)
            entries_.pop_front();
    }

    Entry pop_front() noexcept {
        Entry taken = std::move(entries_.front());
        settle(entries_.front());
        return taken;
    }

  private:
    pooled_queue<Entry> entries_;
};

} // namespace cryo_core
