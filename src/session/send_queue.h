// What waits to leave: control frames first, then data frames in the order in which they were accepted.
#pragma once

#include "base/pool.h"
#include "base/shared_bytes.h"
#include "codec/frame.h"
#include "session/options.h"

#include <cstdint>
#include <optional>
#include <vector>

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

struct data_frame {
    codec::frame_type type;
    shared_bytes payload;
};

// Data frames stand in one list with a border in it: those before the border were handed to the transport
// (nothing takes them back), those behind it wait in the held queue, to which the caps apply. Frames are
// framed only when they leave.
class send_queue {
  public:
    explicit send_queue(const session_options &options) noexcept : options_(options) {}
    send_queue(const send_queue &) = delete;
    send_queue &operator=(const send_queue &) = delete;
    ~send_queue() { clear(); }

    void push_control(control_frame frame) { control_.push_back(frame); }
    std::size_t control_count() const noexcept { return control_.size() - control_first_; }

    // False: the queue is held, and the frame would exceed a cap.
    bool push_data(data_frame frame);
    // For frames that were accepted before they came here: the caps do not apply.
    void push_accepted(data_frame frame);

    const control_frame *next_control() const noexcept {
        return control_first_ < control_.size() ? &control_[control_first_] : nullptr;
    }
    void pop_control() noexcept;

    // The next data frame that may leave now.
    const data_frame *next_data() const noexcept { return handed_count_ > 0 ? &first_->frame : nullptr; }
    data_frame pop_data() noexcept;

    // The kernel has taken everything that was popped.
    void flushed() noexcept;

    std::uint64_t pending_bytes() const noexcept { return transport_bytes_ + queued_bytes_; }
    std::uint32_t queued_count() const noexcept { return queued_count_; }
    bool held() const noexcept { return held_; }
    bool empty() const noexcept { return control_count() == 0 && first_ == nullptr; }

    // Every data frame that waits, in order; nothing does any more.
    std::vector<data_frame> take_data();

    // Drops everything that waits.
    void clear() noexcept;

  private:
    struct node : pooled {
        explicit node(data_frame f) noexcept : frame(std::move(f)) {}
        node *next = nullptr;
        data_frame frame;
    };

    static std::uint64_t size_of(const data_frame &frame) noexcept {
        return codec::header_size + frame.payload.size();
    }
    void hand_over(std::uint64_t bytes) noexcept;
    void release_queue() noexcept;

    const session_options &options_;
    std::vector<control_frame> control_;
    std::size_t control_first_ = 0;
    node *first_ = nullptr;
    node *last_ = nullptr;
    node *first_queued_ = nullptr;      // the border
    std::uint64_t transport_bytes_ = 0; // handed over and not yet taken by the kernel
    std::uint64_t leaving_bytes_ = 0;   // of these, popped
    std::uint64_t queued_bytes_ = 0;
    std::uint32_t handed_count_ = 0;
    std::uint32_t queued_count_ = 0;
    bool held_ = false;
};

} // namespace cryo_core
