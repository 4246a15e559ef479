// One peer of the Cryo protocol as a machine without sockets and without a clock: messages and time go in,
// frames and events come out.
#pragma once

#include "base/apart.h"
#include "base/byte_buffer.h"
#include "base/clock.h"
#include "base/status.h"
#include "base/uuid.h"
#include "codec/decode.h"
#include "session/ack_tracker.h"
#include "session/chain.h"
#include "session/close_code.h"
#include "session/counters.h"
#include "session/options.h"
#include "session/receipts.h"
#include "session/security.h"
#include "session/send_queue.h"
#include "session/unacknowledged.h"
#include "session/unhandled.h"
#include "session/unsent_message.h"

#include <memory>
#include <string_view>
#include <vector>

namespace cryo_core {

enum class statistic : std::int32_t { rtt = 1, bytes_rx = 2, bytes_tx = 3, ack_timeout = 4 };

// Whom a session tells. Each call may call back into the session.
class session_events {
  public:
    // The peer listens, and with CALE the channel is secure: the first event.
    virtual void on_open() = 0;
    virtual void on_message(message_kind kind, bytes_view data) = 0;
    virtual void on_statistic(statistic which, double value) = 0;
    // A message that was accepted does not leave. What is sent inside of this call drops no other one.
    virtual void on_dropped(const data_frame &frame, drop_reason reason) = 0;
    // The queue was held, and flows again.
    virtual void on_writable() = 0;
    // Exactly once for each message that was accepted with a receipt. `round_trip_ms` is negative but for one
    // that was acknowledged; `by` is who stopped or dropped it.
    virtual void on_receipt(std::uint64_t receipt, receipt_outcome outcome, double round_trip_ms,
                            std::string_view by) = 0;
    // The session wants its connection closed: the peer broke a rule or is silent. Once.
    virtual void on_close_wanted(std::uint16_t code, std::string_view reason) = 0;
    // The peer has sent what is no frame of its session; it was told so, or on_close_wanted follows.
    virtual void on_malformed() {}
    // A keep-alive ping is about to leave.
    virtual void on_keep_alive() {}
    // Nothing has come since, for an interval: whether the ping, or the answer, may still be on its way.
    virtual bool ping_under_way() noexcept { return false; }
    // With CALE: run this, on any thread, and hand it to session::computed, now or later. One at a time.
    virtual void on_computation(cale_job job) = 0;
    // Where a frame of so many bytes is to be written that leaves with what else is being said at the moment;
    // null: it has to wait for take_frame.
    virtual std::uint8_t *place_for(std::size_t) noexcept { return nullptr; }
    // The last place, of so many bytes, stays empty.
    virtual void leave_out(std::size_t) noexcept {}
    // What extension::ask gets: whom the session stands for.
    virtual void *context() noexcept { return nullptr; }

  protected:
    ~session_events() = default;
};

class session final {
  public:
    // Who speaks, and what it shares. All of it must outlive the session.
    struct surroundings {
        const session_options &options;
        session_counters &counters;
        session_events &events;
        const extension_source *extensions = nullptr;
        frame_numbers numbers{}; // of the conversation, if it goes on
    };
    session(const uuid &sid, const surroundings &at, time_us now, cale::role self = cale::role::server);
    ~session();

    // In: a whole binary WebSocket message. With CALE it is opened in place.
    void receive(bytes_mut message, time_us now);
    // In: the peer is known to hear what is sent (it has answered the WebSocket ping behind the upgrade).
    void peer_listens(time_us now);
    // In: the peer will hear nothing more. What it said before it was known to listen counts without CALE.
    void hear_early(time_us now) {
        if (!security_ && early_) peer_listens(now);
    }
    // In: what on_computation asked for.
    void computed(cale_job done, time_us now);
    // In: time. To be called at deadline() or later.
    void tick(time_us now);
    time_us deadline() const noexcept;

    // What the peer says is not being read, and not by its fault: until the next ping, silence does not
    // count.
    void excuse_silence() noexcept { ping_unanswered_ = false; }

    // status::ok, closed (after begin_close), full, total_full. If it is not ok, or throws, no event tells of
    // this message.
    status send(data_frame &&frame, time_us now);
    // The same without a copy of the message, while there is nothing for it to wait for: see place_for.
    // False: there is, and send() it has to be.
    bool send_at_once(message_kind kind, bytes_view payload, time_us now);
    void answers_at_once() noexcept; // that wait in front of it
    // For a message whose sender cannot be answered: if there is no room for it, on_dropped tells. False: it
    // is dropped already. `measured`: the sender has seen to it that there is room (session_control::send).
    bool send_accepted(data_frame &&frame, time_us now, bool measured);
    // For one that a former connection has accepted and could not deliver; in their order, before others. It
    // calls nobody: extensions see them when hooks_settled is called behind the last. If it throws, `frame`
    // is as it was.
    void send_again(data_frame &&frame);
    // A message that nobody was told is refused.
    void tell_dropped(data_frame &&frame, drop_reason reason);
    // Tickets were settled.
    void hooks_settled(time_us now);
    // Messages that were accepted wait for an extension: they leave before a close.
    bool sends_wait() const noexcept { return hooks_ && hooks_->sending.any(); }
    // One that would wait behind a whole backlog says nothing new and is left out.
    void ping();

    // The connection begins to close: nothing is delivered or accepted any more. What was accepted still
    // leaves, if the peer listens.
    void begin_close() noexcept;
    // No messages leave any more; answers do.
    void drop_data() noexcept;
    // Nothing leaves any more either.
    void drop_output() noexcept;

    // The connection is lost: what the peer may not have got, one by one in the order of sending, with
    // keep_unacknowledged that which has left as well. To be called before begin_close, which may drop it.
    bool take_unsent(unsent_message &out) noexcept;
    // The same of what the peer has sent, which was acknowledged and waits for an extension.
    bool take_undelivered(data_frame &out) noexcept;
    // What a former connection has left so, once this one is open.
    void deliver_again(data_frame &&frame, time_us now);
    frame_numbers numbers() const noexcept;
    // Two of these differ by the number of messages that have left between them.
    std::uint32_t messages_mark() const noexcept { return next_number_ - pings_; }
    // What is received is kept, up to max_hooked_bytes; hooks_settled tells it once it is wanted again.
    void hold_received(bool on);
    std::uint32_t told_number() const noexcept { return told_; } // with manual_ack: of the message being told
    bool handled(std::uint32_t number); // acknowledges it; true: hooks_settled may tell others now
    // No more than so many come out.
    std::size_t unsent_count() const noexcept;
    std::size_t undelivered_count() const noexcept { return hooks_ ? hooks_->receiving.count() : 0; }
    // Whatever a receipt was asked for is closed now. The last call.
    void end() noexcept;

    // Out: the size of the next frame that may leave now; 0: none.
    std::size_t next_frame_size() const noexcept;
    // Writes that frame, next_frame_size() bytes. It counts as written to the transport at `now`. False: it
    // could not be sealed and must not leave; nothing else will, and the session has asked for its close.
    [[nodiscard]] bool take_frame(std::uint8_t *out, time_us now) noexcept;
    // Out: whether that frame may leave as its first codec::header_size bytes, which take_head writes, and
    // the payload that it gives: without a copy. Else take_frame it is.
    bool may_leave_in_two() const noexcept;
    [[nodiscard]] shared_bytes take_head(std::uint8_t *out, time_us now) noexcept;
    // All taken frames are with the kernel.
    void flushed();
    // Some are not, and wait: they count against the bound of all sessions, also those of send_at_once.
    void flush_stopped() noexcept;
    // After flushing: tells what came of it.
    void tell_flow();

    bool open() const noexcept { return state_ == state::open; }
    // It has asked for its close because nothing comes from the peer any more.
    bool peer_is_silent() const noexcept { return silent_; }
    // Everything is encrypted from now on.
    bool secure() const noexcept { return security_ && security_->secure(); }
    // Too much waits for a peer that does not read, or for a session that is not announced yet: do not read
    // on.
    bool congested() const noexcept {
        return queue_.control_count() >= max_control_backlog || (early_ && early_->bytes > max_early_bytes) ||
               hooks_are_full();
    }
    // That is the application's fault: its extensions have too much to answer.
    bool hooks_are_full() const noexcept {
        return hooks_ && state_ != state::closing && hooks_->receiving.bytes() > max_hooked_bytes;
    }

  private:
    friend struct session_peer; // tests: sets next_number_

    enum class state : std::uint8_t {
        waiting,  // for the peer to listen
        securing, // CALE's handshake
        open,
        closing,
    };

    // What came before it could be heard.
    struct early_messages {
        std::vector<byte_buffer> all;
        std::size_t bytes = 0;
    };

    struct hooks final : chain_events {
        explicit hooks(session &owner) noexcept;
        void on_passed(hook_direction direction, data_frame &&frame, time_us now) override;
        void on_vetoed(hook_direction direction, data_frame &&frame, std::string_view by) override;
        bool concerns(hook_direction direction, message_kind kind) const noexcept {
            return (direction == hook_direction::before_send ? sending : receiving).concerns(kind);
        }
        session &of;
        chain sending;
        chain receiving;
    };

    bool hears() const noexcept { return state_ != state::waiting && (!security_ || security_->hears()); }
    void hear(std::unique_ptr<early_messages> early, time_us now);
    CRYO_APART void receive_specially(bytes_mut message, time_us now);
    void receive_message(bytes_mut message, time_us now);
    void receive_in_handshake(bytes_view message, time_us now);
    void receive_sealed(bytes_mut message, time_us now);
    void receive_plain(bytes_view message, time_us now);
    void receive_frame(bytes_view message, time_us now);
    void receive_handshake_frame(codec::frame_type type, std::uint32_t number);
    void take_step(const cale::handshake_step &step, time_us now);
    void become_secure(time_us now);
    void become_open(time_us now);
    CRYO_APART void receive_rare(bytes_view message);
    CRYO_APART void receive_data(std::uint32_t number, bytes_view payload, message_kind kind, time_us now);
    CRYO_APART void receive_for_hooks(bytes_view payload, message_kind kind, time_us now);
    CRYO_APART void receive_for_hand(std::uint32_t number, bytes_view payload, message_kind kind,
                                     time_us now);
    void tell_for_hand(std::uint32_t number, message_kind kind, bytes_view payload);
    void hold_as_due();
    CRYO_APART void receive_ack(std::uint32_t number, time_us now);
    CRYO_APART void receive_other_ack(std::uint32_t number, time_us now);
    void acknowledge(std::uint32_t number);
    CRYO_APART void answer(control_frame frame);
    void receive_ping_pong(std::uint32_t number, bytes_view payload);
    CRYO_APART void violation(std::uint32_t number);
    void want_close(std::uint16_t code, std::string_view reason);
    void keep_alive(time_us now);
    void announce_statistics();
    void count_timeouts(time_us now);
    void sample_round_trip(time_us elapsed) noexcept;

    bool hooks_concern(hook_direction direction, message_kind kind) {
        if (!hooks_ && (extensions_ == nullptr || !extensions_->list)) return false;
        return extensions_concern(direction, kind);
    }
    CRYO_APART bool extensions_concern(hook_direction direction, message_kind kind);
    hooks &make_hooks();
    bool hooks_have_room(const data_frame &frame) const noexcept;
    bool charge(const data_frame &frame, bool asks, std::uint64_t &to_free) noexcept;
    bool take_in(data_frame &&frame, time_us now, bool measured);
    bool enqueue(data_frame &&frame, std::uint64_t to_free);
    bool enqueue_or_tell(data_frame &&frame, std::uint64_t to_free = 0);
    void tell_drops();
    void close_receipt(const data_frame &frame) noexcept;
    void drop_received() noexcept;
    void publish_queue() noexcept;
    std::size_t take_plain(std::uint8_t *out) noexcept;
    std::size_t take_control(std::uint8_t *out) noexcept;
    std::size_t take_data(std::uint8_t *out, time_us now) noexcept;
    data_frame take_numbered(std::uint32_t &number, time_us now) noexcept;
    bool seal(std::uint8_t *record, std::size_t frame_size) noexcept;
    std::uint8_t *place_for(std::size_t frame_size) noexcept;
    inline bool fill(std::uint8_t *place, std::uint32_t number, codec::frame_type type,
                     bytes_view payload) noexcept;
    CRYO_APART bool fill_record(std::uint8_t *place, std::uint32_t number, codec::frame_type type,
                                bytes_view payload) noexcept;
    void cannot_encrypt() noexcept;
    void want_rekey();

    const uuid sid_;
    const session_options &options_;
    session_counters &counters_;
    session_events &events_;
    const extension_source *const extensions_;
    [[no_unique_address]] send_queue
        queue_; // what is left of its last word is used, as there are so many sessions
    const cale::role self_;
    state state_ = state::waiting;
    bool ping_unanswered_ : 1 = false; // pinged at the last tick, and no sign of life since
    bool silent_ : 1 = false;          // so long that it is over
    bool telling_drops_ : 1 = false;
    bool flows_again_ : 1 = false; // and was not told
    bool hold_wanted_ : 1 = false; // by the application
    std::uint32_t violations_ = 0;
    ack_tracker acks_;
    receipts receipts_;
    std::unique_ptr<hooks> hooks_;                   // null: no extension has wanted to see a message
    std::unique_ptr<security> security_;             // null: without CALE
    std::unique_ptr<unacknowledged> unacknowledged_; // null: nobody asks for it
    std::unique_ptr<early_messages> early_;          // null: there are none
    std::unique_ptr<unhandled> unhandled_;           // null: all is acknowledged at once
    std::uint64_t charged_bytes_ = 0;                // to what all sessions share
    time_us next_tick_; // waiting, securing: when to wait no longer; open: the next keep-alive tick
    std::uint32_t next_number_;
    std::uint32_t received_; // one more than the number of the last frame of the peer
    std::uint32_t unannounced_timeouts_ = 0;
    std::uint32_t pings_ = 0; // that have left with a number
    std::uint32_t told_ = 0;  // see told_number()
};

} // namespace cryo_core
