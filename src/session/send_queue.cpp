#include "session/send_queue.h"

#include <utility>

namespace cryo_core {

bool send_queue::push_data(data_frame frame) {
    const std::uint64_t size = size_of(frame);
    if (held_ && (queued_count_ >= options_.max_queue_count || size > options_.max_queued_bytes ||
                  queued_bytes_ > options_.max_queued_bytes - size))
        return false;
    push_accepted(std::move(frame));
    return true;
}

void send_queue::push_accepted(data_frame frame) {
    const std::uint64_t size = size_of(frame);
    auto *const added = new node(std::move(frame));
    (last_ != nullptr ? last_->next : first_) = added;
    last_ = added;
    if (held_) {
        if (first_queued_ == nullptr) first_queued_ = added;
        queued_bytes_ += size;
        ++queued_count_;
    } else {
        hand_over(size);
    }
}

void send_queue::pop_control() noexcept {
    if (++control_first_ < control_.size()) return;
    control_first_ = 0;
    control_.clear();
    if (control_.capacity() > 64) std::vector<control_frame>().swap(control_);
}

data_frame send_queue::pop_data() noexcept {
    node *const taken = first_;
    first_ = taken->next;
    if (first_ == nullptr) last_ = nullptr;
    --handed_count_;
    data_frame frame = std::move(taken->frame);
    leaving_bytes_ += size_of(frame);
    delete taken;
    return frame;
}

void send_queue::flushed() noexcept {
    transport_bytes_ -= std::exchange(leaving_bytes_, 0);
    if (held_ && (transport_bytes_ < options_.low_water_mark || transport_bytes_ == 0)) {
        held_ = false;
        release_queue();
    }
}

std::vector<data_frame> send_queue::take_data() {
    std::vector<data_frame> all;
    all.reserve(handed_count_ + queued_count_);
    for (node *at = first_; at != nullptr; at = at->next)
        all.push_back(std::move(at->frame));
    clear();
    return all;
}

void send_queue::clear() noexcept {
    control_.clear();
    control_first_ = 0;
    while (first_ != nullptr) {
        node *const next = first_->next;
        delete first_;
        first_ = next;
    }
    last_ = first_queued_ = nullptr;
    transport_bytes_ = leaving_bytes_;
    queued_bytes_ = 0;
    handed_count_ = queued_count_ = 0;
    held_ = false;
}

void send_queue::hand_over(std::uint64_t bytes) noexcept {
    transport_bytes_ += bytes;
    ++handed_count_;
    if (transport_bytes_ >= options_.high_water_mark) held_ = true;
}

void send_queue::release_queue() noexcept {
    while (!held_ && first_queued_ != nullptr) {
        const std::uint64_t size = size_of(first_queued_->frame);
        queued_bytes_ -= size;
        --queued_count_;
        hand_over(size);
        first_queued_ = first_queued_->next;
    }
}

} // namespace cryo_core
