#include "session/send_queue.h"

#include <utility>

namespace cryo_core {

const char *name_of(drop_reason reason) noexcept {
    switch (reason) {
    case drop_reason::oldest:
        return "oldest";
    case drop_reason::refused:
        return "refused";
    case drop_reason::replaced:
        return "replaced";
    case drop_reason::total:
        break;
    }
    return "total";
}

bool send_queue::push_data(data_frame &&frame, bool may_drop, std::uint64_t to_free) {
    if (!held_) {
        hand_over(std::move(frame));
        return true;
    }
    if (options_.policy == drop_policy::dedupe_latest)
        return push_latest(std::move(frame), may_drop, to_free);
    if (!fits(frame.size(), 1))
        return may_drop && options_.policy == drop_policy::drop_oldest &&
               push_dropping_oldest(std::move(frame));
    push_accepted(std::move(frame));
    return true;
}

bool send_queue::push_dropping_oldest(data_frame &&frame) {
    if (!is_worth_room(frame)) return false;
    while (!fits(frame.size(), 1)) {
        dropped_frame gone{std::move(queued_.front()), drop_reason::oldest};
        const std::uint64_t size = gone.frame.size();
        try {
            dropped_.push_back(std::move(gone));
        } catch (...) {
            queued_.front() = std::move(gone.frame);
            throw;
        }
        queued_.pop_front();
        queued_bytes_ -= size;
    }
    push_accepted(std::move(frame));
    return true;
}

// The one with the same key gives its place, or else, where there is no room, the oldest of the same kind.
// What is in the way then goes too, the oldest first: of the same kind, and when there is none left, of the
// other.
bool send_queue::push_latest(data_frame &&frame, bool may_drop, std::uint64_t to_free) {
    if (!is_worth_room(frame)) return false;
    const std::uint64_t size = frame.size();
    if (!latest_) latest_ = std::make_unique<latest_queue>();
    latest_->make_room();
    frame.fingerprint = fingerprint_of(frame);
    latest_queue::place at = latest_->find(frame);
    const bool is_full = !fits(size, 1) || to_free > 0;
    if (at == latest_queue::nowhere && !is_full) {
        push_accepted(std::move(frame));
        return true;
    }
    if (!may_drop) return false;
    if (at == latest_queue::nowhere) at = latest_->oldest(frame.type, at);
    const bool replaces = at != latest_queue::nowhere;
    const std::uint64_t former = replaces ? (*latest_)[at].size() : 0;
    const auto in_the_way = [&](std::uint64_t freed) {
        if (former + freed < to_free) return true;
        if (replaces) return size > former && queued_bytes_ - former + size > options_.max_queued_bytes;
        return !fits(size, 1);
    };
    for (std::uint64_t freed = 0; in_the_way(freed);) {
        auto gone = latest_->oldest(frame.type, at);
        if (gone == latest_queue::nowhere) gone = latest_->oldest(at);
        if (gone == latest_queue::nowhere) break; // it has the queue for itself
        freed += (*latest_)[gone].size();
        drop(gone, drop_reason::oldest);
    }
    if (!replaces) {
        push_accepted(std::move(frame));
        return true;
    }
    dropped_.push_back({}); // first: it is what may fail
    dropped_.back() = {latest_->replace(at, std::move(frame)), drop_reason::replaced};
    queued_bytes_ += size - former;
    return true;
}

void send_queue::drop(latest_queue::place at, drop_reason reason) {
    dropped_.push_back({});
    queued_bytes_ -= (*latest_)[at].size();
    dropped_.back() = {latest_->take(at), reason};
}

data_frame send_queue::pop_queued() noexcept {
    return queued_.empty() ? latest_->pop_front() : queued_.pop_front();
}

bool send_queue::fits(std::uint64_t more_bytes, std::uint32_t more_frames) const noexcept {
    return queued_count() + more_frames <= options_.max_queue_count &&
           more_bytes <= options_.max_queued_bytes && queued_bytes_ <= options_.max_queued_bytes - more_bytes;
}

void send_queue::push_accepted(data_frame &&frame) {
    if (!held_) return hand_over(std::move(frame));
    const std::uint64_t size = frame.size();
    if (options_.policy == drop_policy::dedupe_latest) {
        if (!latest_) latest_ = std::make_unique<latest_queue>();
        latest_->make_room();
        frame.fingerprint = fingerprint_of(frame);
        latest_->push_back(std::move(frame));
    } else {
        queued_.push_back(std::move(frame));
    }
    queued_bytes_ += size;
}

data_frame send_queue::pop_data() noexcept {
    data_frame frame = handed_.pop_front();
    leaving_bytes_ += frame.size();
    return frame;
}

bool send_queue::flushed() {
    transport_bytes_ -= std::exchange(leaving_bytes_, 0);
    if (!held_ || (transport_bytes_ >= options_.low_water_mark && transport_bytes_ > 0)) return false;
    release_queue();
    return !held_;
}

data_frame send_queue::take_data() noexcept {
    if (!handed_.empty()) {
        data_frame frame = handed_.pop_front();
        transport_bytes_ -= frame.size();
        return frame;
    }
    data_frame frame = pop_queued();
    queued_bytes_ -= frame.size();
    if (queued_count() == 0) held_ = false;
    return frame;
}

void send_queue::hand_over(data_frame &&frame) {
    const std::uint64_t size = frame.size();
    handed_.push_back(std::move(frame));
    transport_bytes_ += size;
    if (transport_bytes_ >= options_.high_water_mark) held_ = true;
}

// If it throws, the queue is held and nothing is out of its order.
void send_queue::release_queue() {
    while (queued_count() > 0) {
        data_frame &next = queued_.empty() ? latest_->front() : queued_.front();
        const std::uint64_t size = next.size();
        hand_over(std::move(next));
        pop_queued();
        queued_bytes_ -= size;
        if (transport_bytes_ >= options_.high_water_mark) return;
    }
    held_ = false;
}

} // namespace cryo_core
