#include "capi/handle_table.h"

#include "base/fork.h"

#include <atomic>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

namespace cryo_core::capi {

namespace {

// A handle's bits, from the lowest: 4 zero (as an aligned address has), 4 type, index, generation.
constexpr unsigned type_shift = 4;
constexpr unsigned index_shift = 8;
constexpr unsigned index_bits = 24;
constexpr unsigned generation_shift = index_shift + index_bits;
constexpr unsigned generation_bits = sizeof(void *) * 8 - generation_shift;

constexpr std::uintptr_t mask(unsigned bits) {
    return (std::uintptr_t{1} << bits) - 1;
}

static_assert(sizeof(void *) == 8,
              "Cryo needs 64-bit addresses: in 32 bits a handle has so few generations that a "
              "stale one is soon valid again, and lengths of messages do not fit into size_t.");
static_assert(generation_bits == 32);
constexpr auto generation_mask = static_cast<std::uint32_t>(mask(generation_bits));

constexpr std::uint32_t chunk_size = 256;
constexpr std::uint32_t chunk_count = (1u << index_bits) / chunk_size;
constexpr std::uint32_t no_slot = ~0u;

// Each session has one.
struct slot {
    // The one that is valid now; of type none: free, and of what generation.
    std::atomic<std::uintptr_t> handle{0};
    std::atomic<void *> object{nullptr};
    std::unique_ptr<std::shared_ptr<void>> owner;
    std::atomic<std::uint32_t> pins{0}; // calls of with_object that look at the object now
    // While it is free: the next one that is; else: the process that the handle was made in.
    std::atomic<std::uint32_t> link{no_slot};
};

// Chunks are never given back: a stale handle leads to a slot that says so, for ever.
struct table {
    std::atomic<slot *> chunks[chunk_count] = {};
    std::mutex mutex; // of everything but reading a slot's atomics
    std::uint32_t size = 0;
    std::uint32_t first_free = no_slot;
};

constinit table all_handles;

table &the_table() noexcept {
    return all_handles;
}

slot *slot_at(std::uint32_t index) noexcept {
    slot *const chunk = the_table().chunks[index / chunk_size].load(std::memory_order_acquire);
    return chunk == nullptr ? nullptr : &chunk[index % chunk_size];
}

std::uint32_t index_of(std::uintptr_t handle) noexcept {
    return static_cast<std::uint32_t>((handle >> index_shift) & mask(index_bits));
}

std::uint32_t generation_of(std::uintptr_t handle) noexcept {
    return static_cast<std::uint32_t>(handle >> generation_shift);
}

handle_type type_bits(std::uintptr_t handle) noexcept {
    return static_cast<handle_type>((handle >> type_shift) & mask(4));
}

std::uintptr_t with_type(std::uintptr_t handle, handle_type type) noexcept {
    return (handle & ~(mask(4) << type_shift)) | (static_cast<std::uintptr_t>(type) << type_shift);
}

std::uintptr_t make_bits(handle_type type, std::uint32_t index, std::uint32_t generation) noexcept {
    return with_type((std::uintptr_t{generation} << generation_shift) |
                         (static_cast<std::uintptr_t>(index) << index_shift),
                     type);
}

// What the slot of a handle holds while it is valid: a ticket is its session's handle under another type.
std::uintptr_t in_slot(std::uintptr_t handle) noexcept {
    return type_bits(handle) == handle_type::auth ? with_type(handle, handle_type::session) : handle;
}

// null: the handle is not valid now, in any process.
slot *known_slot(handle_type type, const void *handle) noexcept {
    const auto bits = reinterpret_cast<std::uintptr_t>(handle);
    if (bits == 0 || type_bits(bits) != type || type == handle_type::none) return nullptr;
    slot *const at = slot_at(index_of(bits));
    return at != nullptr && at->handle.load(std::memory_order_acquire) == in_slot(bits) ? at : nullptr;
}

// null: the handle is not valid now, or belongs to another process.
slot *valid_slot(handle_type type, const void *handle) noexcept {
    slot *const at = known_slot(type, handle);
    return at != nullptr && at->link.load(std::memory_order_relaxed) == process_number() ? at : nullptr;
}

// The mutex is taken across a fork, so that the child has a table that is whole.
void watch_forks() noexcept {
    static const bool watched = [] {
        at_fork({.before = [] { the_table().mutex.lock(); },
                 .in_parent = [] { the_table().mutex.unlock(); },
                 .in_child = [] { the_table().mutex.unlock(); }});
        return true;
    }();
    static_cast<void>(watched);
}

std::uint32_t take_slot(table &all) {
    if (all.first_free != no_slot) return std::exchange(all.first_free, slot_at(all.first_free)->link.load());
    if (all.size == chunk_count * chunk_size) throw std::bad_alloc();
    if (all.size % chunk_size == 0)
        all.chunks[all.size / chunk_size].store(new slot[chunk_size], std::memory_order_release);
    // Slots do not begin alike: a handle with a wrong bit is not that of the slot beside it.
    const std::uint32_t generation = (all.size * std::uint32_t{0x9e3779b1}) & generation_mask;
    slot_at(all.size)->handle.store(make_bits(handle_type::none, all.size, generation),
                                    std::memory_order_relaxed);
    return all.size++;
}

void *add(handle_type type, void *object, std::shared_ptr<void> owner) {
    auto kept = owner ? std::make_unique<std::shared_ptr<void>>(std::move(owner)) : nullptr;
    watch_forks();
    table &all = the_table();
    const std::lock_guard lock(all.mutex);
    const std::uint32_t index = take_slot(all);
    slot &at = *slot_at(index);
    // Generations go round after 2^32 uses of one slot; 0 is left out so that no handle is NULL.
    const std::uint32_t former = generation_of(at.handle.load(std::memory_order_relaxed));
    const std::uintptr_t bits = make_bits(type, index, former == generation_mask ? 1 : former + 1);
    at.owner = std::move(kept);
    at.object.store(object, std::memory_order_relaxed);
    at.link.store(process_number(), std::memory_order_relaxed);
    at.handle.store(bits, std::memory_order_release);
    return reinterpret_cast<void *>(bits);
}

} // namespace

const char *handle_type_name(handle_type type) noexcept {
    switch (type) {
    case handle_type::server_options:
        return "server options";
    case handle_type::events:
        return "event set";
    case handle_type::server:
        return "server";
    case handle_type::session:
        return "session";
    case handle_type::auth:
        return "auth ticket";
    case handle_type::queue:
        return "queue";
    case handle_type::event:
        return "event";
    case handle_type::client_options:
        return "client options";
    case handle_type::client:
        return "client";
    case handle_type::loop:
        return "loop";
    case handle_type::extension:
        return "extension";
    case handle_type::hook:
        return "hook ticket";
    case handle_type::token_request:
        return "token ticket";
    case handle_type::none:
        break;
    }
    return "unknown";
}

void *add_handle(handle_type type, std::shared_ptr<void> object) {
    void *const raw = object.get();
    return add(type, raw, std::move(object));
}

void *add_handle(handle_type type, void *object) {
    return add(type, object, nullptr);
}

std::shared_ptr<void> remove_handle(handle_type type, void *handle) noexcept {
    if (type == handle_type::auth) return nullptr; // goes with its session's handle
    table &all = the_table();
    const std::lock_guard lock(all.mutex);
    slot *const at = valid_slot(type, handle);
    if (at == nullptr) return nullptr;
    at->handle.store(with_type(reinterpret_cast<std::uintptr_t>(handle), handle_type::none));
    while (at->pins.load() != 0)
        std::this_thread::yield();
    at->object.store(nullptr, std::memory_order_relaxed);
    at->link.store(std::exchange(all.first_free, index_of(reinterpret_cast<std::uintptr_t>(handle))));
    const auto kept = std::move(at->owner);
    return kept ? std::move(*kept) : nullptr;
}

std::shared_ptr<void> find_shared(handle_type type, const void *handle) noexcept {
    const std::lock_guard lock(the_table().mutex);
    slot *const at = valid_slot(type, handle);
    return at == nullptr || !at->owner ? nullptr : *at->owner;
}

void *find_object(handle_type type, const void *handle) noexcept {
    slot *const at = valid_slot(type, handle);
    return at == nullptr ? nullptr : at->object.load(std::memory_order_relaxed);
}

bool with_object(handle_type type, const void *handle, void (*function)(void *, void *),
                 void *context) noexcept {
    slot *const at = valid_slot(type, handle);
    if (at == nullptr) return false;
    // Either this sees that the handle was removed, or who removes it sees the pin.
    at->pins.fetch_add(1);
    const bool valid = at->handle.load() == in_slot(reinterpret_cast<std::uintptr_t>(handle));
    if (valid) function(at->object.load(std::memory_order_relaxed), context);
    at->pins.fetch_sub(1);
    return valid;
}

bool is_of_another_process(handle_type type, const void *handle) noexcept {
    return known_slot(type, handle) != nullptr && valid_slot(type, handle) == nullptr;
}

void *ticket_of(void *session) noexcept {
    return reinterpret_cast<void *>(with_type(reinterpret_cast<std::uintptr_t>(session), handle_type::auth));
}

handle_type type_of(const void *handle) noexcept {
    const auto bits = reinterpret_cast<std::uintptr_t>(handle);
    const auto type = (bits >> type_shift) & mask(4);
    if (bits == 0 || (bits & mask(4)) != 0 || type > static_cast<std::uintptr_t>(handle_type::token_request))
        return handle_type::none;
    return slot_at(index_of(bits)) == nullptr ? handle_type::none : static_cast<handle_type>(type);
}

} // namespace cryo_core::capi
