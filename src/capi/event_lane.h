// The way of messages from one loop to a queue: what the sockets bring in one iteration is written down here
// without a lock, and goes over at once.
//
// Only what is told while sockets are read is gathered. All else goes over when it is told, behind what is
// here: a session's last event before its id is free, what is told on one loop before the session moves to
// another one.
#pragma once

#include "base/apart.h"
#include "capi/event_queue.h"
#include "net/loop.h"

namespace cryo_core::capi {

// Blocks begin small, as there may be a queue for each of a thousand clients, and grow with what comes.
constexpr std::size_t smallest_block = 4096 - event_block::room_in_front;
constexpr std::size_t usual_block = 64 * 1024 - event_block::room_in_front;

class event_lane final : public net::loop_part {
  public:
    event_lane(event_queue &to, net::loop &on) noexcept;
    ~event_lane() override { pass_on(); }

    // The one of this loop. Throws std::bad_alloc.
    static event_lane &of(event_queue &to, net::loop &on);
    // null: nothing has come by one.
    static event_lane *known(const event_queue &to, const net::loop &on) noexcept {
        return static_cast<event_lane *>(on.part(&to));
    }

    // As event_queue::push.
    void put(const event_fields &what, bool holds) {
        room_for(event_block::size_of(what)).append(what, holds);
        go_on();
    }
    void put_message(cryo_session *session, std::int32_t kind, std::uint64_t id, bytes_view data) {
        room_for(event_block::size_of(data.size())).append_message(session, kind, id, data);
        go_on();
    }
    void pass_on() noexcept;

  private:
    void on_sockets_read() noexcept override { pass_on(); }
    bool is_stale() const noexcept override;
    event_block &room_for(std::size_t record) {
        if (block_ == nullptr || !block_->has_room_for(record)) make_room(record);
        return *block_;
    }
    void go_on() noexcept {
        if (block_->count() >= most_ || (!is_asked() && !on_.tell_when_read(*this))) pass_on();
    }
    CRYO_APART void make_room(std::size_t record);

    net::loop &on_;
    const std::weak_ptr<event_queue> to_;
    std::unique_ptr<event_block> block_; // null, or not full
    std::uint32_t most_ = 1;             // events, before they go over
    std::size_t next_size_ = smallest_block;
};

} // namespace cryo_core::capi
