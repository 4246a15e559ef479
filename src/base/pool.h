// Memory for what comes and goes with every message: freed blocks are kept by the thread that freed them and
// handed out again, so that the steady state asks malloc for nothing.
#pragma once

#include <cstddef>

namespace cryo_core {

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
