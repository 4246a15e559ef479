// The messages of a session that has no connection at the moment and waits for the next one.
#pragma once

#include "base/status.h"
#include "session/send_queue.h"
#include "session/unsent_message.h"

#include <cstddef>
#include <vector>

namespace cryo_core {

class away_messages {
  public:
    explicit away_messages(const session_options &options);
    away_messages(const away_messages &) = delete;
    away_messages &operator=(const away_messages &) = delete;
    ~away_messages();

    // One that was accepted, so that the caps do not apply: behind those that were put so, in front of those
    // that were pushed. If it throws, `message` is as it was.
    void put(unsent_message &&message);
    // What the former connection could not deliver, in the order of sending: in front of all that is here,
    // which came while it ended. It throws only where no room was made for so many; then nothing has changed.
    void put_in_front(std::vector<unsent_message> &&messages);
    void make_room_in_front(std::size_t messages) { former_.reserve(former_.size() + messages); }
    // A new one, within the caps and by the drop policy: what gives way comes out of take_dropped().
    // status::full, total_full: `frame` is as it was.
    status push(data_frame &&frame, bool may_drop);
    bool any_dropped() const noexcept { return queue_.any_dropped(); }
    dropped_frame take_dropped() noexcept;

    // The oldest, if it has left and the peer says that it has got all that left with numbers below
    // `received`.
    bool take_received(std::uint32_t received, unsent_message &out) noexcept;
    // The numbers begin anew: those with which messages have left say nothing any more.
    void forget_numbers() noexcept;
    // The oldest. False: there is none.
    bool take(data_frame &out) noexcept;

    bool empty() const noexcept { return count() == 0; }
    std::uint32_t count() const noexcept {
        return static_cast<std::uint32_t>(former_.size() - gone_) + queue_.pending_count();
    }
    // With the 21 bytes of each frame.
    std::uint64_t bytes() const noexcept { return former_bytes_ + queue_.pending_bytes(); }

  private:
    bool any_former() const noexcept { return gone_ < former_.size(); }
    unsent_message take_former() noexcept;
    void add_former(std::uint64_t bytes) noexcept;
    void forget(std::uint64_t bytes) noexcept;

    const session_options &options_;
    std::vector<unsent_message> former_;
    std::size_t gone_ = 0; // so many of them, the oldest
    send_queue queue_;     // held
    std::uint64_t former_bytes_ = 0;
    std::uint64_t charged_ = 0; // to what all sessions share
};

} // namespace cryo_core
