// What waits to leave: control frames first, then data frames in the order in which they were accepted.
#pragma once

#include "base/pooled_queue.h"
#include "session/data_frame.h"
#include "session/latest_queue.h"
#include "session/options.h"

#include <cstdint>
#include <memory>

namespace cryo_core {

// A control frame is its kind and a number; its payload follows from the kind.
enum class control_kind : std::uint8_t { ack, ping, pong, invalid_operation };

constexpr codec::frame_type frame_type_of(control_kind kind) noexcept {
    switch (kind) {
    case control_kind::ack:
        return codec::frame_type::ack;
    case control_kind::invalid_operation:
        return codec::frame_type::error;
    case control_kind::ping:
    case control_kind::pong:
        break;
    }
    return codec::frame_type::ping_pong;
}

constexpr std::string_view payload_text(control_kind kind) noexcept {
    switch (kind) {
    case control_kind::ping:
        return codec::ping_text;
    case control_kind::pong:
        return codec::pong_text;
    case control_kind::invalid_operation:
        return codec::invalid_operation_text;
    case control_kind::ack:
        break;
    }
    return {};
}

struct control_frame {
    std::uint32_t number; // of the frame that is answered; a ping gets its own when it leaves
    control_kind kind;
};

enum class drop_reason : std::int32_t {
    oldest = 1,   // it made room for a newer one
    refused = 2,  // there was no room for it
    replaced = 3, // a newer one stands in its place
    total = 4,    // all sessions together held as much as they may
};

const char *name_of(drop_reason reason) noexcept;

struct dropped_frame {
    data_frame frame;
    drop_reason reason;
};

// Data frames before the border were handed to the transport (nothing takes them back); those behind it wait
// in the held queue, to which the caps and the drop policy apply. Frames are framed only when they leave.
class send_queue {
  public:
    explicit send_queue(const session_options &options) noexcept : options_(options) {}
    send_queue(const send_queue &) = delete;
    send_queue &operator=(const send_queue &) = delete;

    void push_control(const control_frame &frame) { control_.push_back({frame.number, frame.kind}); }
    std::size_t control_count() const noexcept { return control_.size(); }

    // False: the queue is held and the frame, which is as it was, would exceed a cap. What gives way to it
    // comes out of take_dropped(); not unless `may_drop`. `to_free`: so many bytes besides are to give way,
    // which can_free() has said that they can.
    bool push_data(data_frame &&frame, bool may_drop = true, std::uint64_t to_free = 0);
    // Whether so many bytes would give way to this one, and it still has a place.
    bool can_free(const data_frame &frame, std::uint64_t bytes) const noexcept {
        return held_ && options_.policy == drop_policy::dedupe_latest && queued_bytes_ >= bytes &&
               is_worth_room(frame);
    }
    // Nothing gives way, and there is no room for this one.
    bool refuses(const data_frame &frame) const noexcept {
        return held_ && options_.policy == drop_policy::drop_newest && !fits(frame.size(), 1);
    }
    // For frames that were accepted before they came here: the caps do not apply.
    void push_accepted(data_frame &&frame);

    bool any_dropped() const noexcept { return !dropped_.empty(); }
    dropped_frame take_dropped() noexcept { return dropped_.pop_front(); }

    const control_frame *next_control() const noexcept {
        return control_.empty() ? nullptr : &control_.front();
    }
    void pop_control() noexcept { control_.pop_front(); }

    // The next data frame that may leave now.
    const data_frame *next_data() const noexcept { return handed_.empty() ? nullptr : &handed_.front(); }
    data_frame pop_data() noexcept;

    // Nothing waits in front of a data frame, and it would be handed over.
    bool hands_over_at_once() const noexcept { return control_.empty() && handed_.empty() && !held_; }
    // One that was, and is on its way already: as pushed and popped.
    void count_as_leaving(std::uint64_t bytes) noexcept {
        transport_bytes_ += bytes;
        leaving_bytes_ += bytes;
        if (transport_bytes_ >= options_.high_water_mark) held_ = true;
    }

    // There is no transport: whatever is pushed is queued.
    void hold() noexcept { held_ = true; }

    // The kernel has taken everything that was popped. True: the queue was held, and flows again.
    bool flushed();

    std::uint64_t pending_bytes() const noexcept { return transport_bytes_ + queued_bytes_; }
    std::uint32_t pending_count() const noexcept { return handed_.size() + queued_count(); }
    std::uint32_t queued_count() const noexcept { return queued_.size() + (latest_ ? latest_->size() : 0); }
    bool held() const noexcept { return held_; }
    bool empty() const noexcept { return control_count() == 0 && pending_count() == 0; }

    // Every data frame that waits, the oldest first.
    bool any_data() const noexcept { return pending_count() > 0; }
    data_frame take_data() noexcept;

    void clear_control() noexcept { control_.clear(); }

  private:
    bool fits(std::uint64_t more_bytes, std::uint32_t more_frames) const noexcept;
    // Not larger than the queue itself.
    bool is_worth_room(const data_frame &frame) const noexcept {
        return frame.size() <= options_.max_queued_bytes && options_.max_queue_count > 0;
    }
    bool push_dropping_oldest(data_frame &&frame);
    bool push_latest(data_frame &&frame, bool may_drop, std::uint64_t to_free);
    void drop(latest_queue::place at, drop_reason reason);
    data_frame pop_queued() noexcept;
    void hand_over(data_frame &&frame);
    void release_queue();

    const session_options &options_;
    pooled_queue<control_frame> control_;
    pooled_queue<data_frame> handed_;
    pooled_queue<data_frame> queued_;
    std::unique_ptr<latest_queue> latest_; // instead, under drop_policy::dedupe_latest; null: never needed
    pooled_queue<dropped_frame> dropped_;  // not told yet
    std::uint64_t transport_bytes_ = 0;    // handed over and not yet taken by the kernel
    std::uint64_t leaving_bytes_ = 0;      // of these, popped
    std::uint64_t queued_bytes_ = 0;
    bool held_ = false;
};

} // namespace cryo_core
