// What a connection has yet to write: HTTP and WebSocket control bytes, and the frames that its session lets
// go, put together so that everything there is to say leaves in one write.
#pragma once

#include "base/byte_buffer.h"
#include "net/link.h"
#include "session/session.h"

namespace cryo_core {

class outbox {
  public:
    class batch; // what is put together for one write

    outbox() noexcept = default;
    outbox(const outbox &) = delete;
    outbox &operator=(const outbox &) = delete;
    ~outbox();

    // While it lives, what claim() gives is written in front of all else that is not under way yet. The flush
    // that it asks for comes on its thread, before that of another outbox.
    class turn {
      public:
        // `claims` false: nothing is claimed in it.
        turn(outbox &of, net::link &link, bool claims = true) noexcept;
        turn(const turn &) = delete;
        turn &operator=(const turn &) = delete;
        ~turn();

      private:
        outbox &of_;
        net::link &link_;
    };
    // A place for a frame, behind its WebSocket header: it is to be filled, and leaves. null: not in its
    // turn, or it would overtake something, or there is no room.
    std::uint8_t *claim(std::size_t frame_size) noexcept;
    // Nothing more is claimed in this turn.
    void end_turn() noexcept;
    // The last place, of so many bytes, is not filled.
    void leave_out(std::size_t frame_size) noexcept;

    // Bytes that stand on their own between frames: an HTTP answer, a ping, a pong, a close frame.
    void append(bytes_view whole) { loose_.append(whole); }

    enum class result : std::uint8_t { drained, choked, broken };

    // Writes what the link takes. `from` (may be null) gives its frames behind the loose bytes.
    result flush(net::link &link, session *from, time_us now);

    std::size_t loose_bytes() const noexcept { return loose_.size(); }
    // What a link has not taken, in front of the session's frames.
    std::size_t waiting() const noexcept { return rest_.size() + tail_.size() - rest_at_ + loose_.size(); }

  private:
    bool has_rest() const noexcept { return !rest_.empty() || tail_.size() > 0; }
    bool keep_rest(batch &of, std::size_t taken) noexcept;
    bool write_batch(net::link &link, session *from, std::size_t room, time_us now);
    bool write_rest(net::link &link);
    void fill(batch &into, session *from, std::size_t room, bool gathers, time_us now);
    void take_large(session &from, std::size_t frame_size, time_us now);

    byte_buffer loose_;
    byte_buffer rest_;  // of a batch that the link did not take whole
    shared_bytes tail_; // a large payload behind that
    std::size_t rest_at_ = 0;
};

} // namespace cryo_core
