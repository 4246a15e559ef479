// Replaces operator new for the whole process: the library takes the program's.
#include "failing_new.h"

#include <cstdlib>
#include <new>

namespace {
thread_local long left = 0;
thread_local bool failed = false;
} // namespace

extern "C" void fail_allocation(long n) {
    left = n;
    failed = false;
}

extern "C" bool allocation_failed(void) {
    return failed;
}

__attribute__((visibility("default"))) void *operator new(std::size_t size) {
    if (left > 0 && --left == 0) {
        failed = true;
        throw std::bad_alloc();
    }
    if (void *const block = std::malloc(size == 0 ? 1 : size)) return block;
    throw std::bad_alloc();
}

__attribute__((visibility("default"))) void *operator new(std::size_t size, const std::nothrow_t &) noexcept {
    try {
        return operator new(size);
    } catch (const std::bad_alloc &) {
        return nullptr;
    }
}

__attribute__((visibility("default"))) void operator delete(void *block) noexcept {
    std::free(block);
}
__attribute__((visibility("default"))) void operator delete(void *block, std::size_t) noexcept {
    std::free(block);
}
