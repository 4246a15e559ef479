#include "failing_memory.h"

#include "cmocka.hpp"

#include <cstdlib>
#include <new>

namespace {

thread_local bool counting = false;
long left = 0; // counted allocations until the one that fails; counted by one thread at a time
bool has_failed = false;

bool this_one_fails() noexcept {
    if (!counting || left == 0 || --left > 0) return false;
    has_failed = true;
    return true;
}

void *allocate(std::size_t size, std::size_t alignment = 0) noexcept {
    if (this_one_fails()) return nullptr;
    if (alignment == 0) return std::malloc(size == 0 ? 1 : size);
    return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void *or_throw(void *block) {
    if (block == nullptr) throw std::bad_alloc();
    return block;
}

} // namespace

namespace cryo_test::memory {

void fail_at(long n) {
    left = n;
    has_failed = false;
}
bool failed() {
    return has_failed;
}
void count(bool on) {
    counting = on;
}

void fail_each(const char *name, long least, const std::function<void()> &script) {
    long n = 1;
    for (;; ++n) {
        fail_at(n);
        script();
        if (!failed()) break;
    }
    fail_at(0);
    print_message("%s: %ld allocations failed, one at a time\n", name, n - 1);
    assert_true(n > least);
}

} // namespace cryo_test::memory

extern "C" void *__real_realloc(void *block, std::size_t size);
extern "C" void *__wrap_realloc(void *block, std::size_t size);
extern "C" void *__wrap_realloc(void *block, std::size_t size) {
    return this_one_fails() ? nullptr : __real_realloc(block, size);
}

void *operator new(std::size_t size) {
    return or_throw(allocate(size));
}
void *operator new[](std::size_t size) {
    return or_throw(allocate(size));
}
void *operator new(std::size_t size, const std::nothrow_t &) noexcept {
    return allocate(size);
}
void *operator new[](std::size_t size, const std::nothrow_t &) noexcept {
    return allocate(size);
}
void *operator new(std::size_t size, std::align_val_t alignment) {
    return or_throw(allocate(size, static_cast<std::size_t>(alignment)));
}
void *operator new[](std::size_t size, std::align_val_t alignment) {
    return or_throw(allocate(size, static_cast<std::size_t>(alignment)));
}
void operator delete(void *block) noexcept {
    std::free(block);
}
void operator delete[](void *block) noexcept {
    std::free(block);
}
void operator delete(void *block, std::size_t) noexcept {
    std::free(block);
}
void operator delete[](void *block, std::size_t) noexcept {
    std::free(block);
}
void operator delete(void *block, std::align_val_t) noexcept {
    std::free(block);
}
void operator delete[](void *block, std::align_val_t) noexcept {
    std::free(block);
}
void operator delete(void *block, std::size_t, std::align_val_t) noexcept {
    std::free(block);
}
void operator delete[](void *block, std::size_t, std::align_val_t) noexcept {
    std::free(block);
}
