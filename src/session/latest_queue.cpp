#include "session/latest_queue.h"

#include "base/pool.h"

#include <bit>
#include <functional>
#include <new>
#include <string_view>
#include <utility>

namespace cryo_core {

namespace {

bool equal(const shared_bytes &a, const shared_bytes &b) noexcept {
    return as_text(a.view()) == as_text(b.view());
}

// By the key where there is one, else by kind and content.
bool same_message(const data_frame &a, const data_frame &b) noexcept {
    if (a.fingerprint != b.fingerprint || !equal(a.key, b.key)) return false;
    return a.key.size() > 0 || (a.type == b.type && equal(a.payload, b.payload));
}

} // namespace

std::uint32_t fingerprint_of(const data_frame &frame) noexcept {
    const bytes_view identity = frame.key.size() > 0 ? frame.key.view() : frame.payload.view();
    return static_cast<std::uint32_t>(std::hash<std::string_view>()(as_text(identity)));
}

// At most one bucket for each node.
constexpr std::size_t latest_queue::bytes_of(std::uint32_t capacity) noexcept {
    return sizeof(block) + capacity * (sizeof(node) + sizeof(place));
}

latest_queue::~latest_queue() {
    while (!empty())
        pop_front();
    if (block_ != nullptr) release();
}

void latest_queue::begin(block &made, std::uint32_t capacity) noexcept {
    made = {.capacity = capacity,
            .bucket_mask = std::bit_floor(capacity) - 1,
            .size = 0,
            .used = 0,
            .free = nowhere,
            .first = nowhere,
            .last = nowhere,
            .kin = {{nowhere, nowhere}, {nowhere, nowhere}},
            .padding = 0};
}

void latest_queue::make_room() {
    if (block_ == nullptr || block_->size == block_->capacity) grow();
}

void latest_queue::grow() {
    constexpr std::size_t least_bytes = 1024;
    if (block_ != nullptr && block_->capacity > nowhere / 4) throw std::bad_alloc();
    const std::size_t bytes = block_ == nullptr ? least_bytes : 2 * std::bit_ceil(bytes_of(block_->capacity));
    const auto capacity =
        static_cast<std::uint32_t>((bytes - sizeof(block)) / (sizeof(node) + sizeof(place)));
    latest_queue larger;
    larger.block_ = new (pool_allocate(bytes_of(capacity))) block;
    begin(*larger.block_, capacity);
    for (place at = 0; at <= larger.block_->bucket_mask; ++at)
        larger.buckets()[at] = nowhere;
    while (!empty())
        larger.push_back(pop_front());
    std::swap(block_, larger.block_);
}

// Frames that were moved from hold nothing.
void latest_queue::release() noexcept {
    const std::size_t bytes = bytes_of(block_->capacity);
    pool_free(std::exchange(block_, nullptr), bytes);
}

void latest_queue::push_back(data_frame &&frame) noexcept {
    block &all = *block_;
    place at = all.free;
    if (at != nowhere) {
        all.free = nodes()[at].after;
    } else {
        at = all.used++;
        new (&nodes()[at]) node;
    }
    node &made = nodes()[at];
    made = {std::move(frame), all.last, nowhere, nowhere, nowhere, nowhere};
    (all.last != nowhere ? nodes()[all.last].after : all.first) = at;
    all.last = at;
    ++all.size;
    auto &kin = all.kin[kind_of(made.frame)];
    made.kin_before = kin.last;
    (kin.last != nowhere ? nodes()[kin.last].kin_after : kin.first) = at;
    kin.last = at;
    add_to_bucket(at);
}

latest_queue::place latest_queue::find(const data_frame &frame) const noexcept {
    if (empty()) return nowhere;
    for (place at = bucket_of(frame); at != nowhere; at = nodes()[at].chain)
        if (same_message(nodes()[at].frame, frame)) return at;
    return nowhere;
}

latest_queue::place latest_queue::oldest(codec::frame_type type, place except) const noexcept {
    if (empty()) return nowhere;
    const place first = block_->kin[type == codec::frame_type::utf8_data ? 0 : 1].first;
    return first != nowhere && first == except ? nodes()[first].kin_after : first;
}

latest_queue::place latest_queue::oldest(place except) const noexcept {
    if (empty()) return nowhere;
    const place first = block_->first;
    return first != nowhere && first == except ? nodes()[first].after : first;
}

data_frame latest_queue::take(place at) noexcept {
    block &all = *block_;
    node &gone = nodes()[at];
    leave_kin(at);
    leave_bucket(at);
    (gone.before != nowhere ? nodes()[gone.before].after : all.first) = gone.after;
    (gone.after != nowhere ? nodes()[gone.after].before : all.last) = gone.before;
    gone.after = std::exchange(all.free, at);
    --all.size;
    return std::move(gone.frame);
}

data_frame latest_queue::pop_front() noexcept {
    data_frame frame = take(block_->first);
    if (empty()) release();
    return frame;
}

data_frame latest_queue::replace(place at, data_frame &&by) noexcept {
    node &here = nodes()[at];
    const bool other_kind = kind_of(here.frame) != kind_of(by);
    const bool other_bucket = &bucket_of(here.frame) != &bucket_of(by);
    if (other_kind) leave_kin(at);
    if (other_bucket) leave_bucket(at);
    data_frame former = std::exchange(here.frame, std::move(by));
    if (other_kind) add_to_kin(at);
    if (other_bucket) add_to_bucket(at);
    return former;
}

// In the middle: a key that comes with the other kind is rare, and the next of that kind is looked for.
void latest_queue::add_to_kin(place at) noexcept {
    node &added = nodes()[at];
    const std::size_t kind = kind_of(added.frame);
    auto &kin = block_->kin[kind];
    place before = added.before;
    while (before != nowhere && kind_of(nodes()[before].frame) != kind)
        before = nodes()[before].before;
    added.kin_before = before;
    added.kin_after = before != nowhere ? nodes()[before].kin_after : kin.first;
    (before != nowhere ? nodes()[before].kin_after : kin.first) = at;
    (added.kin_after != nowhere ? nodes()[added.kin_after].kin_before : kin.last) = at;
}

void latest_queue::leave_kin(place at) noexcept {
    const node &gone = nodes()[at];
    auto &kin = block_->kin[kind_of(gone.frame)];
    (gone.kin_before != nowhere ? nodes()[gone.kin_before].kin_after : kin.first) = gone.kin_after;
    (gone.kin_after != nowhere ? nodes()[gone.kin_after].kin_before : kin.last) = gone.kin_before;
}

void latest_queue::add_to_bucket(place at) noexcept {
    place &first = bucket_of(nodes()[at].frame);
    nodes()[at].chain = std::exchange(first, at);
}

void latest_queue::leave_bucket(place at) noexcept {
    place *link = &bucket_of(nodes()[at].frame);
    while (*link != at)
        link = &nodes()[*link].chain;
    *link = nodes()[at].chain;
}

} // namespace cryo_core
