// One connection of the load generator: connects, is let in, sends messages and checks what comes back.
//
// It is built of the library's own layers below its sessions (frames, WebSocket, CALE) rather than on
// cryo::client: one call of a function, one queue and one promise of delivery for each message would cost the
// generator more than the server that it measures. See docs/performance.md.
#pragma once

#include "bench/broadcast.h"
#include "bench/loop.h"
#include "bench/masks.h"
#include "bench/message.h"
#include "bench/result.h"
#include "bench/stream.h"

#include "base/byte_buffer.h"
#include "base/uuid.h"
#include "cale/channel.h"
#include "cale/handshake.h"
#include "ws/parse.h"

#include <chrono>
#include <optional>

namespace cryo_tool {

using bench_clock = std::chrono::steady_clock;

inline std::uint64_t bench_now() noexcept {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(bench_clock::now().time_since_epoch()).count());
}

class bench_session;

// Whoever runs the sessions. Must not destroy one inside these calls.
class bench_owner {
  public:
    virtual ~bench_owner() = default;

    virtual void on_open(bench_session &session) = 0;
    // A message that was due at this time has its answer; may send the next.
    virtual void on_answer(bench_session &session, std::uint64_t due, std::uint64_t now) = 0;
    // This session has heard the message of another one, which is not to be sent from in here.
    virtual void on_heard(std::uint32_t number, std::uint64_t now) = 0;
    // Nothing more comes of it. What was wrong is among the faults.
    virtual void on_end(bench_session &session) = 0;
};

// What the sessions of a run have in common. One thread.
struct bench_shared {
    bench_loop &loop;
    bench_owner &owner;
    const bench_target &target;
    const bench_tls *tls; // null: none
    bench_message &message;
    bench_faults &faults;
    std::string request_begin; // the target of the upgrade, up to the session id
    std::string request_end;   // what follows the key
    bool cale = false;
    bool echoes = true;                   // else a message is answered by its ACK
    bench_broadcast *broadcast = nullptr; // null: each hears its own messages
    std::uint32_t outstanding = 1;
    bench_masks keys;
    std::unique_ptr<cryo_core::cale::crypto::key_pair>
        key_pair; // with CALE, of all of them: saves its making
    std::vector<std::uint8_t> input;
    cryo_core::byte_buffer output; // of the session whose turn it is
    std::uint64_t checked_acks = 0;
    std::uint64_t checked_echoes = 0;
};

class bench_session final : private bench_loop::handler, private cryo_core::ws::parse_handler {
  public:
    // Begins to connect; `salt` tells its messages from those of others.
    bench_session(bench_shared &shared, std::uint32_t salt);
    // What cannot begin to connect has ended already. To be asked once, before anything else.
    bool has_begun() const noexcept { return stream_ != nullptr; }
    bool is_resumed() const noexcept { return stream_->is_resumed(); }

    std::uint64_t began() const noexcept { return began_; }
    std::uint32_t salt() const noexcept { return salt_; }
    std::uint32_t next_number() const noexcept { return next_number_; } // of the next message
    bool is_open() const noexcept { return phase_ == phase::open; }
    bool was_open() const noexcept { return was_open_; }
    bool has_ended() const noexcept { return phase_ == phase::ended; }
    std::uint64_t outstanding() const noexcept { return next_number_ - next_answer_; }
    // Messages without their ACK, or without their answer, whichever are more.
    std::uint64_t unanswered() const noexcept {
        return std::max<std::uint64_t>(outstanding(), next_number_ - next_ack_);
    }

    // While open: puts a message into the output.
    void send(std::uint64_t due);
    // Hands what was sent to the system. Not needed inside on_open and on_answer.
    void flush();
    // With 4000; on_end follows. Of one that is not open yet: ends it.
    void close();
    // Ends it now: the attempt has taken too long.
    void give_up();

  private:
    // `listening`: for a broadcast, until the server is known to have it among its sessions.
    enum class phase : std::uint8_t { connecting, tls, upgrade, cale, listening, open, closing, ended };

    void on_ready(bool readable, bool writable) override;
    bool on_message(cryo_core::ws::opcode kind, cryo_core::bytes_mut payload) override;
    bool on_ping(cryo_core::bytes_view payload) override;
    bool on_pong(cryo_core::bytes_view) override { return true; }
    bool on_close(std::uint16_t code, std::string_view reason) override;

    // session.cpp
    void read();
    bool take_frame(const cryo_core::codec::frame &frame);
    void take_ack(std::uint32_t number);
    void take_data(const cryo_core::codec::frame &frame);
    void take_broadcast(const cryo_core::codec::frame &frame);
    void answer(std::uint32_t number);
    void put(cryo_core::bytes_view frame);
    void put(cryo_core::codec::frame_type type, std::uint32_t number, cryo_core::bytes_view payload);
    bool fail(std::uint64_t bench_faults::*kind, const std::string &words);
    void end();

    // session_frames.cpp
    std::size_t take(cryo_core::bytes_mut bytes);
    bool take_frame_at_front(cryo_core::bytes_mut &rest);
    bool feed(cryo_core::bytes_mut &rest, std::size_t size);

    // session_opening.cpp
    void connected();
    void shake_hands();
    void request();
    std::size_t take_answer(cryo_core::bytes_mut bytes);
    bool is_upgrade(std::string_view head);
    void begin_cale();
    void shake_hands_of_cale(const cryo_core::codec::frame &frame);
    void open();
    void ask_whether_it_hears();

    bench_shared &shared_;
    phase phase_ = phase::connecting;
    bool was_open_ = false;
    std::uint32_t salt_;
    std::uint32_t next_number_ = 0;
    std::uint32_t next_ack_ = 0;
    std::uint32_t next_answer_ = 0; // the message whose answer is due
    std::uint32_t next_heard_ = 0;  // of those of another session
    std::uint64_t now_ = 0;         // when what is being handled came
    std::uint64_t began_;
    cryo_core::uuid sid_;
    cryo_core::ws::parser parser_;   // of all but whole messages in one frame
    bool parsing_ = false;           // it is inside of a message
    cryo_core::byte_buffer rest_;    // what came and is no whole frame yet
    std::vector<std::uint64_t> due_; // a ring, by number
    std::optional<cryo_core::cale::channel> channel_;
    cryo_core::byte_buffer pending_; // what the system would not take yet, from pending_begin_ on
    std::size_t pending_begin_ = 0;
    std::string accept_; // what the server answers to the key of the request
    std::unique_ptr<cryo_core::cale::handshake> handshake_;
    std::unique_ptr<bench_stream> stream_;
    std::optional<bench_loop::watch> watch_;
};

} // namespace cryo_tool
