// A growing run of bytes on realloc: large ones grow by remapping pages, without a copy, and the bytes of
// a reservation are not touched before they are used.
#pragma once

#include "base/bytes.h"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <utility>

namespace cryo_core {

class byte_buffer {
  public:
    byte_buffer() noexcept = default;
    byte_buffer(byte_buffer &&other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0)) {}
    byte_buffer &operator=(byte_buffer &&other) noexcept {
        byte_buffer taken(std::move(other));
        std::swap(data_, taken.data_);
        std::swap(size_, taken.size_);
        std::swap(capacity_, taken.capacity_);
        return *this;
    }
    ~byte_buffer() { std::free(data_); }

    std::uint8_t *data() noexcept { return data_; }
    const std::uint8_t *data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }
    std::size_t capacity() const noexcept { return capacity_; }
    bool empty() const noexcept { return size_ == 0; }
    bytes_mut span() noexcept { return {data_, size_}; }
    bytes_view view() const noexcept { return {data_, size_}; }

    void clear() noexcept { size_ = 0; }

    // Gives the memory back too.
    void reset() noexcept {
        std::free(std::exchange(data_, nullptr));
        size_ = capacity_ = 0;
    }

    void reserve(std::size_t capacity) {
        if (capacity <= capacity_) return;
        void *grown = std::realloc(data_, capacity);
        if (grown == nullptr) throw std::bad_alloc();
        data_ = static_cast<std::uint8_t *>(grown);
        capacity_ = capacity;
    }

    // Makes room for n more bytes (doubling, so that appending is linear in all) and returns where they go.
    std::uint8_t *extend(std::size_t n) {
        if (n > capacity_ - size_) {
            if (n > SIZE_MAX / 2 - size_) throw std::bad_alloc();
            reserve(std::max(size_ + n, 2 * capacity_));
        }
        std::uint8_t *end = data_ + size_;
        size_ += n;
        return end;
    }

    void append(bytes_view more) {
        if (!more.empty()) std::memcpy(extend(more.size()), more.data(), more.size());
    }

    // Drops n bytes at the end.
    void shrink(std::size_t n) noexcept { size_ -= n; }

  private:
    std::uint8_t *data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

} // namespace cryo_core
