// What waits in a held queue under drop_policy::dedupe_latest: in its order, found by what it is the latest
// of, and taken out of the middle. None of that looks through the queue.
#pragma once

#include "base/apart.h"
#include "session/data_frame.h"

#include <cstddef>
#include <cstdint>

namespace cryo_core {

// All of it lies in one block of the pool, which doubles when it is full and goes back when the queue is
// empty: a message costs no allocation.
class latest_queue {
  public:
    // Of a frame. It stays the same until that is taken out, or room is made.
    using place = std::uint32_t;
    static constexpr place nowhere = UINT32_MAX;

    latest_queue() noexcept = default;
    latest_queue(const latest_queue &) = delete;
    latest_queue &operator=(const latest_queue &) = delete;
    ~latest_queue();

    bool empty() const noexcept { return size() == 0; }
    std::uint32_t size() const noexcept { return block_ == nullptr ? 0 : block_->size; }
    // Not of an empty one.
    data_frame &front() noexcept { return nodes()[block_->first].frame; }
    const data_frame &operator[](place at) const noexcept { return nodes()[at].frame; }

    // For the next push_back, which then needs no memory, also when all that is there is taken before it.
    // Throws std::bad_alloc.
    void make_room();
    void push_back(data_frame &&frame) noexcept;
    data_frame pop_front() noexcept;

    // The one whose place `frame` takes: with the same key, or else without one, of its kind and content. The
    // newest, if there are several, which were not all put here by what find() says.
    place find(const data_frame &frame) const noexcept;
    // The oldest one of that kind, of any kind, but for the one at `except`.
    place oldest(codec::frame_type type, place except) const noexcept;
    place oldest(place except) const noexcept;
    data_frame take(place at) noexcept;
    // Gives the former one.
    data_frame replace(place at, data_frame &&by) noexcept;

  private:
    struct node {
        data_frame frame;
        place before;
        place after; // among the free ones: the next of them
        place kin_before;
        place kin_after; // of the same kind
        place chain;     // the next one with the same bucket
    };
    // In front of the nodes, behind which are the buckets.
    struct block {
        std::uint32_t capacity;
        std::uint32_t bucket_mask;
        std::uint32_t size;
        std::uint32_t
            used; // nodes that have ever had a frame: those that have none now are in the list `free`
        place free;
        place first, last;
        struct {
            place first, last;
        } kin[2];
        std::uint32_t padding;
    };
    static_assert(sizeof(block) % alignof(node) == 0);

    static constexpr std::size_t bytes_of(std::uint32_t capacity) noexcept;
    static void begin(block &made, std::uint32_t capacity) noexcept;
    static std::size_t kind_of(const data_frame &frame) noexcept {
        return frame.type == codec::frame_type::utf8_data ? 0 : 1;
    }
    node *nodes() const noexcept { return reinterpret_cast<node *>(block_ + 1); }
    place *buckets() const noexcept { return reinterpret_cast<place *>(nodes() + block_->capacity); }
    place &bucket_of(const data_frame &frame) const noexcept {
        return buckets()[frame.fingerprint & block_->bucket_mask];
    }
    void add_to_kin(place at) noexcept;
    void leave_kin(place at) noexcept;
    void add_to_bucket(place at) noexcept;
    void leave_bucket(place at) noexcept;
    CRYO_APART void grow();
    CRYO_APART void release() noexcept;

    block *block_ = nullptr; // null: empty, and no room was made
};

// What find() compares first; push_back and find count on it.
std::uint32_t fingerprint_of(const data_frame &frame) noexcept;

} // namespace cryo_core
