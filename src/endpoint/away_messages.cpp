#include "endpoint/away_messages.h"

#include "session/byte_budget.h"

#include <iterator>
#include <utility>

namespace cryo_core {

away_messages::away_messages(const session_options &options) : options_(options), queue_(options) {
    queue_.hold();
}

away_messages::~away_messages() {
    forget(charged_);
}

void away_messages::put(unsent_message &&message) {
    const std::uint64_t size = message.frame.size();
    if (gone_ > former_.size() / 2) {
        former_.erase(former_.begin(), former_.begin() + static_cast<std::ptrdiff_t>(gone_));
        gone_ = 0;
    }
    former_.push_back(std::move(message));
    add_former(size);
}

void away_messages::put_in_front(std::vector<unsent_message> &&messages) {
    std::uint64_t size = 0;
    for (const unsent_message &each : messages)
        size += each.frame.size();
    if (any_former()) {
        former_.insert(former_.begin() + static_cast<std::ptrdiff_t>(gone_),
                       std::make_move_iterator(messages.begin()), std::make_move_iterator(messages.end()));
    } else {
        former_ = std::move(messages);
        gone_ = 0;
    }
    add_former(size);
}

unsent_message away_messages::take_former() noexcept {
    unsent_message out = std::move(former_[gone_++]);
    if (!any_former()) {
        former_.clear();
        gone_ = 0;
    }
    former_bytes_ -= out.frame.size();
    return out;
}

void away_messages::add_former(std::uint64_t bytes) noexcept {
    former_bytes_ += bytes;
    if (!options_.total) return;
    options_.total->add(bytes);
    charged_ += bytes;
}

status away_messages::push(data_frame &&frame, bool may_drop) {
    const std::uint64_t size = frame.size();
    std::uint64_t to_free = 0;
    if (options_.total && !options_.total->reserve(size)) {
        to_free = options_.total->lacking(size);
        if (!may_drop || !queue_.can_free(frame, to_free)) return status::total_full;
        options_.total->add(size); // until what gives way to it is taken out
    }
    bool taken = false;
    try {
        taken = queue_.push_data(std::move(frame), may_drop, to_free);
    } catch (...) {
        if (options_.total) options_.total->release(size);
        throw;
    }
    if (!options_.total) return taken ? status::ok : status::full;
    if (!taken) {
        options_.total->release(size);
        return status::full;
    }
    charged_ += size;
    return status::ok;
}

dropped_frame away_messages::take_dropped() noexcept {
    dropped_frame gone = queue_.take_dropped();
    forget(gone.frame.size());
    return gone;
}

bool away_messages::take_received(std::uint32_t received, unsent_message &out) noexcept {
    if (!any_former() || !former_[gone_].left || !is_below(former_[gone_].number, received)) return false;
    out = take_former();
    forget(out.frame.size());
    return true;
}

void away_messages::forget_numbers() noexcept {
    for (unsent_message &each : former_)
        each.left = false;
}

bool away_messages::take(data_frame &out) noexcept {
    if (any_former()) {
        out = take_former().frame;
    } else if (queue_.any_data()) {
        out = queue_.take_data();
    } else {
        return false;
    }
    forget(out.size());
    return true;
}

void away_messages::forget(std::uint64_t bytes) noexcept {
    if (!options_.total) return;
    options_.total->release(bytes);
    charged_ -= bytes;
}

} // namespace cryo_core
