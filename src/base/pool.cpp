#include "base/pool.h"

#include "base/thread_pointer.h"

#include <bit>
#include <memory>
#include <new>
#include <utility>

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

// How many blocks of a class are kept.
constexpr std::size_t most_kept(std::size_t index) {
    return (kept_bytes / smallest) >> index;
}
static_assert(most_kept(0) * class_size(0) == kept_bytes && most_kept(class_count - 1) > 0);

struct free_lists {
    block *head[class_count] = {};
    std::size_t count[class_count] = {};
};

CRYO_THREAD_POINTER free_lists *lists = nullptr; // null: not made yet, or gone

thread_local bool gone = false; // this thread's destructors are running: what is freed now goes back for good

struct keeper {
    ~keeper() {
        gone = true;
        const std::unique_ptr<free_lists> kept(std::exchange(lists, nullptr));
        if (!kept) return;
        for (block *list : kept->head)
            while (list != nullptr) {
                block *const next = list->next;
                ::operator delete(list);
                list = next;
            }
    }
};

bool make_lists() noexcept {
    if (gone) return false;
    static thread_local keeper at_end;
    static_cast<void>(at_end);
    lists = new (std::nothrow) free_lists;
    return lists != nullptr;
}

} // namespace

void *pool_allocate(std::size_t size) {
    if (size > largest) return ::operator new(rounded_block(size));
    const std::size_t index = class_of(size);
    if (free_lists *const from = lists)
        if (block *const first = from->head[index]) {
            from->head[index] = first->next;
            --from->count[index];
            return first;
        }
    return ::operator new(class_size(index));
}

void pool_free(void *memory, std::size_t size) noexcept {
    if (memory == nullptr) return;
    if (size > largest || (lists == nullptr && !make_lists())) return ::operator delete(memory);
    const std::size_t index = class_of(size);
    free_lists &into = *lists;
    if (into.count[index] >= most_kept(index)) return ::operator delete(memory);
    into.head[index] = new (memory) block{into.head[index]};
    ++into.count[index];
}

#endif

} // namespace cryo_core
