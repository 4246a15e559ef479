#include "session/send_queue.h"

#include <functional>
#include <string_view>
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

namespace {

std::uint32_t fingerprint_of(const data_frame &frame) noexcept {
    const bytes_view identity = frame.key.size() > 0 ? frame.key.view() : frame.payload.view();
    return static_cast<std::uint32_t>(std::hash<std::string_view>()(as_text(identity)));
}

bool equal(const shared_bytes &a, const shared_bytes &b) noexcept {
    return as_text(a.view()) == as_text(b.view());
}

// By the key where there is one, else by kind and content.
bool same_message(const data_frame &a, const data_frame &b) noexcept {
    if (a.fingerprint != b.fingerprint || !equal(a.key, b.key)) return false;
    return a.key.size() > 0 || (a.type == b.type && equal(a.payload, b.payload));
}

} // namespace

bool send_queue::push_data(data_frame &&frame, bool may_drop) {
    if (!held_) {
        hand_over(std::move(frame));
        return true;
    }
    if (options_.policy == drop_policy::dedupe_latest) return may_drop && push_deduplicated(std::move(frame));
    if (!fits(frame.size(), 1))
        return may_drop && options_.policy == drop_policy::drop_oldest &&
               push_dropping_oldest(std::move(frame));
    push_accepted(std::move(frame));
    return true;
}

bool send_queue::push_dropping_oldest(data_frame &&frame) {
    if (frame.size() > options_.max_queued_bytes || options_.max_queue_count == 0) return false;
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

// A queue of up to max_queue_count frames is looked through: four bytes of each, and the rest of those that
// may be it.
bool send_queue::push_deduplicated(data_frame &&frame) {
    frame.fingerprint = fingerprint_of(frame);
    for (std::uint32_t i = 0; i < queued_.size(); ++i)
        if (same_message(queued_[i], frame)) return replace(i, std::move(frame));
    if (fits(frame.size(), 1)) {
        push_accepted(std::move(frame));
        return true;
    }
    for (std::uint32_t i = 0; i < queued_.size(); ++i)
        if (queued_[i].type == frame.type) return replace(i, std::move(frame));
    return false;
}

bool send_queue::replace(std::uint32_t at, data_frame &&by) {
    const std::uint64_t former = queued_[at].size();
    const std::uint64_t size = by.size();
    if (queued_bytes_ - former + size > options_.max_queued_bytes) return false;
    dropped_frame gone{std::move(queued_[at]), drop_reason::replaced};
    try {
        dropped_.push_back(std::move(gone));
    } catch (...) {
        queued_[at] = std::move(gone.frame);
        throw;
    }
    queued_[at] = std::move(by);
    queued_bytes_ += size - former;
    return true;
}

bool send_queue::fits(std::uint64_t more_bytes, std::uint32_t more_frames) const noexcept {
    return queued_.size() + more_frames <= options_.max_queue_count &&
           more_bytes <= options_.max_queued_bytes && queued_bytes_ <= options_.max_queued_bytes - more_bytes;
}

void send_queue::push_accepted(data_frame &&frame) {
    if (!held_) return hand_over(std::move(frame));
    const std::uint64_t size = frame.size();
    if (options_.policy == drop_policy::dedupe_latest) frame.fingerprint = fingerprint_of(frame);
    queued_.push_back(std::move(frame));
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
    data_frame frame = queued_.pop_front();
    queued_bytes_ -= frame.size();
    if (queued_.empty()) held_ = false;
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
    while (!queued_.empty()) {
        const std::uint64_t size = queued_.front().size();
        hand_over(std::move(queued_.front()));
        queued_.pop_front();
        queued_bytes_ -= size;
        if (transport_bytes_ >= options_.high_water_mark) return;
    }
    held_ = false;
}

} // namespace cryo_core
