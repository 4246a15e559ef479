// A queue in one block of memory, which grows when it is full and goes back to the pool when the queue is
// empty: what waits costs no allocation each, and where nothing waits nothing is held but a pointer.
#pragma once

#include "base/apart.h"
#include "base/pool.h"

#include <bit>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

namespace cryo_core {

template <typename T>
class pooled_queue {
    static_assert(std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T>);

  public:
    pooled_queue() noexcept = default;
    pooled_queue(const pooled_queue &) = delete;
    pooled_queue &operator=(const pooled_queue &) = delete;
    ~pooled_queue() { clear(); }

    bool empty() const noexcept { return block_ == nullptr; }
    std::uint32_t size() const noexcept { return empty() ? 0 : block_->size; }
    T &operator[](std::uint32_t i) noexcept { return places()[place(i)]; }
    const T &operator[](std::uint32_t i) const noexcept { return places()[place(i)]; }
    // Not of an empty one.
    T &front() noexcept { return places()[block_->first]; }
    const T &front() const noexcept { return places()[block_->first]; }

    // Not of an empty one.
    T &back() noexcept { return places()[place(block_->size - 1)]; }

    // If it throws, `value` is as it was.
    void push_back(T &&value) {
        if (empty() || block_->size == block_->capacity) grow();
        new (&places()[place(block_->size)]) T(std::move(value));
        ++block_->size;
    }

    T pop_front() noexcept {
        T &from = front();
        T taken = std::move(from);
        from.~T(); // NOLINT(bugprone-use-after-move): what was moved from is destroyed
        block_->first = place(1);
        if (--block_->size == 0) release();
        return taken;
    }

    void clear() noexcept {
        while (!empty())
            pop_front();
    }

  private:
    // Stands in front of the places, so that an empty queue is a pointer and no more.
    struct alignas(alignof(T) > 8 ? alignof(T) : 8) block {
        std::uint32_t capacity;
        std::uint32_t first;
        std::uint32_t size;
    };
    // The smallest block of the pool that is worth it.
    static constexpr std::size_t least_bytes = sizeof(T) <= 16 ? 64 : 128;

    static constexpr std::size_t bytes_for(std::uint32_t capacity) noexcept {
        return sizeof(block) + capacity * sizeof(T);
    }
    static constexpr std::uint32_t capacity_of(std::size_t bytes) noexcept {
        return static_cast<std::uint32_t>((bytes - sizeof(block)) / sizeof(T));
    }
    static constexpr std::uint32_t least_capacity = capacity_of(least_bytes);
    static_assert(least_capacity > 0);
    // The pool's blocks double, and what is in one is used whole. In large steps while it is small: a queue
    // that fills up once in a batch is moved once or twice, not at each power of two.
    static constexpr std::uint32_t grown(std::uint32_t capacity) noexcept {
        const std::size_t bytes = std::bit_ceil(bytes_for(capacity));
        return capacity_of(bytes * (bytes <= 1024 ? 4 : 2));
    }

    T *places() const noexcept { return reinterpret_cast<T *>(block_ + 1); }
    std::uint32_t place(std::uint32_t i) const noexcept {
        const std::uint32_t at = block_->first + i;
        return at < block_->capacity ? at : at - block_->capacity;
    }

    CRYO_APART void grow() {
        constexpr std::uint32_t most = UINT32_MAX / 4; // first + i stays in range
        if (!empty() && block_->capacity > most) throw std::bad_alloc();
        const std::uint32_t larger = empty() ? least_capacity : grown(block_->capacity);
        block *const made = new (pool_allocate(bytes_for(larger))) block{larger, 0, size()};
        T *const to = reinterpret_cast<T *>(made + 1);
        for (std::uint32_t i = 0; i < made->size; ++i) {
            T &from = (*this)[i];
            new (&to[i]) T(std::move(from));
            from.~T(); // NOLINT(bugprone-use-after-move): what was moved from is destroyed
        }
        if (!empty()) release();
        block_ = made;
    }

    CRYO_APART void release() noexcept {
        const std::size_t bytes = bytes_for(block_->capacity);
        pool_free(std::exchange(block_, nullptr), bytes);
    }

    block *block_ = nullptr; // null: empty
};

} // namespace cryo_core
