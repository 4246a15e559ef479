#include "base/pool.h"

#include <bit>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CRYO_PLAIN_MALLOC 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CRYO_PLAIN_MALLOC 1
#endif
#endif

namespace cryo_core {

#ifdef CRYO_PLAIN_MALLOC

// A sanitizer sees a use after free only when the block is really freed.
void *pool_allocate(std::size_t size) {
    return ::operator new(size);
}
void pool_free(void *block, std::size_t) noexcept {
    ::operator delete(block);
}

#else

namespace {

constexpr std::size_t smallest = 64;
constexpr std::size_t largest = 32768;
constexpr std::size_t class_count = 10; // 64, 128, … 32768
// Kept for each class and thread: bounds what a burst leaves behind.
constexpr std::size_t kept_bytes = 256 * 1024;

constexpr std::size_t class_of(std::size_t size) {
    return size <= smallest ? 0 : static_cast<std::size_t>(std::bit_width((size - 1) / smallest));
}
constexpr std::size_t class_size(std::size_t index) {
    return smallest << index;
}
static_assert(class_of(64) == 0 && class_of(65) == 1 && class_of(128) == 1 && class_of(129) == 2);
static_assert(class_of(largest) == class_count - 1);

struct block {
    block *next;
};

struct free_lists {
    block *head[class_count] = {};
    std::size_t count[class_count] = {};
    bool gone = false; // this thread's destructors are running: what is freed now goes back for good

    ~free_lists() {
        gone = true;
        for (block *&list : head)
            while (list != nullptr) {
                block *const next = list->next;
                ::operator delete(list);
                list = next;
            }
    }
};

thread_local free_lists lists;

} // namespace

void *pool_allocate(std::size_t size) {
    if (size > largest) return ::operator new(size);
    const std::size_t index = class_of(size);
    if (block *const first = lists.head[index]) {
        lists.head[index] = first->next;
        --lists.count[index];
        return first;
    }
    return ::operator new(class_size(index));
}

void pool_free(void *memory, std::size_t size) noexcept {
    if (memory == nullptr) return;
    if (size > largest || lists.gone) return ::operator delete(memory);
    const std::size_t index = class_of(size);
    if (lists.count[index] * class_size(index) >= kept_bytes) return ::operator delete(memory);
    lists.head[index] = new (memory) block{lists.head[index]};
    ++lists.count[index];
}

#endif

} // namespace cryo_core
