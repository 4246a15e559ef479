// Memory for what comes and goes with every message: freed blocks are kept by the thread that freed them and
// handed out again, so that the steady state asks malloc for nothing.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cryo_core {

// What large blocks are rounded to, so that one that was freed fits the next of nearly its size: a message
// has its own size, that with its heads, and that of its record.
constexpr std::size_t large_block = 64 * 1024;
constexpr std::size_t rounded_block(std::size_t size) noexcept {
    constexpr std::size_t page = 4096;
    return size < large_block || size > SIZE_MAX - page ? size : (size + page - 1) / page * page;
}

// Throws std::bad_alloc.
void *pool_allocate(std::size_t size);
// `size` as it was asked for.
void pool_free(void *block, std::size_t size) noexcept;

// Gives a class pooled new and delete.
struct pooled {
    static void *operator new(std::size_t size) { return pool_allocate(size); }
    static void operator delete(void *block, std::size_t size) noexcept { pool_free(block, size); }
};

} // namespace cryo_core
