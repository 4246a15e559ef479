// Bytes that are written once and then shared: one copy of a payload, however many sessions it goes to.
#pragma once

#include "base/bytes.h"
#include "base/pool.h"

#include <atomic>
#include <new>
#include <utility>

namespace cryo_core {

class shared_bytes {
  public:
    shared_bytes() noexcept = default;
    shared_bytes(const shared_bytes &other) noexcept : block_(other.block_) {
        if (block_ != nullptr) block_->references.fetch_add(1, std::memory_order_relaxed);
    }
    shared_bytes(shared_bytes &&other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
    shared_bytes &operator=(shared_bytes other) noexcept {
        std::swap(block_, other.block_);
        return *this;
    }
    ~shared_bytes() {
        if (block_ == nullptr) return;
        if (block_->references.load(std::memory_order_acquire) == 1 ||
            block_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            const std::size_t size = sizeof(block) + block_->size;
            block_->~block();
            pool_free(block_, size);
        }
    }

    static shared_bytes copy(bytes_view from) {
        shared_bytes made;
        if (from.size() > SIZE_MAX - sizeof(block)) throw std::bad_alloc();
        made.block_ = new (pool_allocate(sizeof(block) + from.size())) block(from.size());
        if (!from.empty()) std::memcpy(made.block_->bytes(), from.data(), from.size());
        return made;
    }

    bytes_view view() const noexcept {
        if (block_ == nullptr) return {};
        return {block_->bytes(), block_->size};
    }
    std::size_t size() const noexcept { return block_ == nullptr ? 0 : block_->size; }

  private:
    struct block {
        explicit block(std::size_t n) noexcept : size(n) {}
        std::atomic<std::uint32_t> references{1};
        std::uint8_t *bytes() noexcept { return reinterpret_cast<std::uint8_t *>(this + 1); }
        std::size_t size;
    };

    block *block_ = nullptr;
};

} // namespace cryo_core
