// A queue in one block of memory, which doubles when it is full and goes back to the pool when the queue is
// empty: what waits costs no allocation each, and where nothing waits nothing is held.
#pragma once

#include "base/pool.h"

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

    bool empty() const noexcept { return size_ == 0; }
    std::uint32_t size() const noexcept { return size_; }
    T &operator[](std::uint32_t i) noexcept { return block_[place(i)]; }
    const T &operator[](std::uint32_t i) const noexcept { return block_[place(i)]; }
    // Not of an empty one.
    T &front() noexcept { return block_[first_]; } // NOLINT(clang-analyzer-core.uninitialized.UndefReturn)
    const T &front() const noexcept { return block_[first_]; }

    // If it throws, `value` is as it was.
    void push_back(T &&value) {
        if (size_ == capacity_) grow();
        new (&block_[place(size_)]) T(std::move(value));
        ++size_;
    }

    T pop_front() noexcept {
        T taken = std::move(block_[first_]);
        block_[first_].~T();
        first_ = place(1);
        if (--size_ == 0) release();
        return taken;
    }

    void clear() noexcept {
        while (!empty())
            pop_front();
    }

  private:
    std::uint32_t place(std::uint32_t i) const noexcept { return (first_ + i) & (capacity_ - 1); }

    void grow() {
        const std::uint32_t larger = capacity_ == 0 ? 4 : capacity_ * 2;
        if (larger < capacity_) throw std::bad_alloc();
        T *const block = static_cast<T *>(pool_allocate(larger * sizeof(T)));
        for (std::uint32_t i = 0; i < size_; ++i) {
            T &from = block_[place(i)];
            new (&block[i]) T(std::move(from));
            from.~T(); // NOLINT(bugprone-use-after-move): what was moved from is destroyed
        }
        release();
        block_ = block;
        capacity_ = larger;
    }

    void release() noexcept {
        pool_free(block_, capacity_ * sizeof(T));
        block_ = nullptr;
        capacity_ = first_ = 0;
    }

    T *block_ = nullptr;
    std::uint32_t capacity_ = 0; // a power of two, or 0
    std::uint32_t first_ = 0;
    std::uint32_t size_ = 0;
};

} // namespace cryo_core
