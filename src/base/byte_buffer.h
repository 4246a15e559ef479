// A growing run of bytes on realloc: large ones grow by remapping pages, without a copy, and the bytes of
// a reservation are not touched before they are used.
#pragma once

#include "base/bytes.h"
#include "base/pool.h"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <utility>

namespace cryo_core {

class byte_buffer {
  public:
    byte_buffer() noexcept = default;
    byte_buffer(byte_buffer &&other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
    byte_buffer &operator=(byte_buffer &&other) noexcept {
        byte_buffer taken(std::move(other));
        std::swap(block_, taken.block_);
        return *this;
    }
    ~byte_buffer() { std::free(block_); }

    std::uint8_t *data() noexcept { return block_ == nullptr ? nullptr : bytes(); }
    const std::uint8_t *data() const noexcept { return block_ == nullptr ? nullptr : bytes(); }
    std::size_t size() const noexcept { return block_ == nullptr ? 0 : block_->size; }
    std::size_t capacity() const noexcept { return block_ == nullptr ? 0 : block_->capacity; }
    bool empty() const noexcept { return size() == 0; }
    bytes_mut span() noexcept { return {data(), size()}; }
    bytes_view view() const noexcept { return {data(), size()}; }

    void clear() noexcept {
        if (block_ != nullptr) block_->size = 0;
    }

    // Gives the memory back too.
    void reset() noexcept { std::free(std::exchange(block_, nullptr)); }

    void reserve(std::size_t capacity) {
        if (capacity <= this->capacity()) return;
        if (capacity > SIZE_MAX - sizeof(block)) throw std::bad_alloc();
        const std::size_t size = this->size(), bytes = rounded_block(sizeof(block) + capacity);
        void *const grown = std::realloc(block_, bytes);
        if (grown == nullptr) throw std::bad_alloc();
        block_ = new (grown) block{size, bytes - sizeof(block)};
    }

    // Makes room for n more bytes (doubling, so that appending is linear in all) and returns where they go.
    std::uint8_t *extend(std::size_t n) {
        const std::size_t size = this->size();
        if (n > capacity() - size) {
            if (n > SIZE_MAX / 2 - size) throw std::bad_alloc();
            reserve(std::max(size + n, 2 * capacity()));
        }
        if (n == 0) return data();
        block_->size = size + n;
        return bytes() + size;
    }

    void append(bytes_view more) {
        if (!more.empty()) std::memcpy(extend(more.size()), more.data(), more.size());
    }

    // Drops n bytes at the end.
    void shrink(std::size_t n) noexcept {
        if (block_ != nullptr) block_->size -= n;
    }

  private:
    // Stands in front of the bytes: a session has several of these, most of them empty most of the time.
    struct block {
        std::size_t size;
        std::size_t capacity;
    };
    std::uint8_t *bytes() noexcept { return reinterpret_cast<std::uint8_t *>(block_ + 1); }
    const std::uint8_t *bytes() const noexcept { return reinterpret_cast<const std::uint8_t *>(block_ + 1); }

    block *block_ = nullptr;
};

} // namespace cryo_core
