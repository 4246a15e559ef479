// The face of a session that every thread may see: what came with the upgrade request (or goes with it), a
// server's verdict, sending and closing, counters. It outlives the connection; a client's outlives many.
#pragma once

#include "base/apart.h"
#include "base/status.h"
#include "endpoint/session_facts.h"
#include "endpoint/session_host.h"
#include "endpoint/session_observer.h"
#include "endpoint/tally.h"
#include "endpoint/task.h"
#include "endpoint/ticket_data.h"
#include "endpoint/token_request.h"
#include "net/loop.h"
#include "session/session.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace cryo_core {

class worker_pool;
class session_keeper; // src/server

// What many sessions have in common.
struct session_place {
    std::shared_ptr<net::loop> loop;
    std::shared_ptr<const session_options> options;
    session_keeper *keeper = nullptr; // not null: its sessions may move to another place
    message_tally *tally = nullptr;   // null: nobody counts
};

class session_control : public std::enable_shared_from_this<session_control> {
  public:
    // replacing: accepted, also in the place of a live session with the same id.
    enum class verdict : std::uint8_t { pending, settling, accepted, replacing, rejected, expired };

    session_control(session_facts facts, std::shared_ptr<const session_place> place, session_host &owner);
    ~session_control();

    // --- any thread -------------------------------------------------------------------------------------
    const session_facts &facts() const noexcept { return facts_; }
    const session_counters &counters() const noexcept { return counters_; }
    std::uint64_t pending_bytes() const noexcept;
    bool open() const noexcept { return is(state_open); }
    // What is sent and received is encrypted by CALE.
    bool secure() const noexcept { return is(state_secure); }
    // Messages that have not begun to leave.
    std::uint32_t pending_count() const noexcept;
    // A client's that is not connected at the moment, but will be, or may.
    bool away() const noexcept { return is(state_away); }
    // Open, and no thread has asked to close yet: what is sent from now on would come after the close.
    bool sendable() const noexcept { return open() && !close_sent_.load(std::memory_order_acquire); }

    // Settles the validation with accepted, replacing or rejected. False: it was settled before, or is too
    // late. `chosen` is called in between, by the one whose answer counts; it must not throw.
    bool settle(verdict outcome, std::string_view reason, const std::function<void()> &chosen = {});
    // Null: the ticket is not out any more.
    std::shared_ptr<ticket_data> ticket() const noexcept;

    // One that was accepted here, on its client's asking: the three below are for those only.
    bool accepted() const noexcept { return is(state_accepted); }
    // When it shall end; `never`: it is not known.
    time_us expiry() const noexcept { return expiry_.load(std::memory_order_relaxed); }
    // Messages are told, or kept and not read.
    status pause(bool on);
    bool paused() const noexcept { return is(state_paused); }
    // With manual_ack: the message that is being told, or 0; and that the application is done with one.
    // status::ok, closed, state: it came by a connection that is lost since.
    std::uint64_t told_message() const noexcept { return told_message_.load(std::memory_order_relaxed); }
    status acknowledge(std::uint64_t message);

    // For its thread, behind what this one has asked for before. False: it is over, and the task destroyed.
    bool post_task(std::unique_ptr<task> what);
    bool post_task_at(time_us when, std::unique_ptr<task> what);

    // Before it is announced: nobody has to be told.
    void set_expiry(time_us when) noexcept { expiry_.store(when, std::memory_order_relaxed); }
    status change_expiry(time_us when);

    // status::ok, closed, full, total_full, receipts_full, and of a client's that is away, state. With ok,
    // the observer learns once how a message with a receipt ended.
    status send(data_frame &&frame);
    // The same for a message that nothing is asked for, without a copy of it: on the loop's thread, while it
    // is being read from the peer. False: send() it has to be.
    bool send_at_once(message_kind kind, bytes_view data) { return here() && send_at_once_here(kind, data); }
    // For who is told of this session, and so is on its thread.
    bool send_at_once_here(message_kind kind, bytes_view data) {
        return sendable() && !moving() && owner_ != nullptr && owner_->send_at_once(kind, data);
    }
    // For letters to many sessions, or of many messages, from another thread: status::ok, closed, full,
    // total_full; with ok one of the other three follows, on the loop's thread. Not where it moves.
    bool takes_shared_sends() const noexcept { return place_->keeper == nullptr && !here(); }
    status begin_shared_send(std::uint64_t bytes) noexcept;
    void take_shared(data_frame &&frame) noexcept;
    void drop_shared(std::uint64_t bytes, std::uint32_t count = 1) noexcept;
    void take_run(std::span<const posted_message> messages, std::uint64_t bytes) noexcept;
    // An answer on a ticket of this session. False: too late.
    bool settle_hook(hook_ticket &ticket, hook_ticket::answer how, shared_bytes replacement = {},
                     std::string reason = {});
    // The same for the token of a client's next attempt.
    bool settle_token(token_request &ticket, token_request::answer how, std::string text);
    status ping();
    status close(std::uint16_t code, std::string_view reason);

    // The id is free for this session now (registry). Without memory for the mail its time runs out.
    void wake() noexcept;
    // It stays another session's.
    void turn_away() noexcept;
    // The id of this session is wanted by a new connection: see session_host.
    void hurry() noexcept;
    void probe() noexcept;
    void give_way(bool if_silent) noexcept;

    // --- the loop's thread -------------------------------------------------------------------------------
    session_host *owner() const noexcept { return owner_; }
    void set_owner(session_host &owner) noexcept { owner_ = &owner; }
    void disown() noexcept {
        owner_ = nullptr;
        drop_computations();
    }
    const std::shared_ptr<const session_place> &first_place() const noexcept { return place_; }
    const session_options &options() const noexcept { return *place_->options; }
    net::loop &loop() const noexcept { return *home_.load(std::memory_order_acquire)->loop; }

    // To the loop of another place, with the owner's help, which must not tell of an end meanwhile: what
    // comes from now on goes there, and is held there. `left` is called once all that was sent before has
    // come here; after leave() the session is nobody's until arrive(), on the other loop.
    void begin_move(std::shared_ptr<const session_place> to, std::function<void()> left);
    void leave() noexcept;
    void arrive(session_host &owner) noexcept;
    bool moving() const noexcept { return is(state_moving); }
    // For what is delivered on the loop that it goes to: it is not there yet.
    bool arriving() const noexcept {
        return moving() && !(home_.load(std::memory_order_acquire)->loop->in_thread() && owner_ != nullptr);
    }
    void set_sid(const uuid &sid) noexcept { facts_.set_sid(sid); }
    void set_open(bool open) noexcept { set(state_open, open); }
    void set_away(bool away) noexcept { set(state_away, away); }
    void set_secure(bool secure) noexcept { set(state_secure, secure); }
    void settle_hooks_later() noexcept; // not inside of what the application calls
    // What the application gets from now on has other numbers.
    void begin_connection() noexcept { connections_.fetch_add(1, std::memory_order_relaxed); }
    // Around the telling of a message that the application is to acknowledge.
    void set_told(std::uint32_t number) noexcept {
        told_message_.store(message_id(number), std::memory_order_relaxed);
    }
    void set_none_told() noexcept { told_message_.store(0, std::memory_order_relaxed); }
    // It waits to be let in; it does no more.
    void hand_out_ticket(std::shared_ptr<ticket_data> ticket) noexcept;
    void take_ticket_back() noexcept;
    // Goes on with the client of another one, with what that one's ticket was given.
    void take_from(session_control &newcomer) noexcept;
    // On another thread; connection::on_computed follows, unless the connection is gone by then.
    void compute(worker_pool &on, cale_job job);
    // Nobody waits for what is being computed any more: what has not begun never does, and nothing is told.
    void drop_computations() noexcept { computations_.fetch_add(1, std::memory_order_relaxed); }
    session_counters &own_counters() noexcept { return counters_; }
    // Messages that other threads sent are on their way here.
    bool mail_under_way() const noexcept { return mailed_count() > 0; }

    // A message is about to be told as dropped.
    void count_drop(drop_reason why) noexcept {
        if (message_tally *const to = tally()) to->drop(why);
    }
    // Tells the observer, counting what is owed.
    void tell_receipt(session_observer &to, std::uint64_t receipt, receipt_outcome outcome,
                      double round_trip_ms, std::string_view by) noexcept;
    // The session is over, and nobody's. Its last event comes when what other threads sent meanwhile has
    // ended too; `to` must live until then, or until `keep` is let go of, which is right behind that.
    void end(session_observer &to, std::uint16_t code, std::string_view reason,
             std::shared_ptr<void> keep = {}) noexcept;

    // Whose numbers a client that comes back may go on with: see resume_point.
    std::uint64_t conversation = 0;

    verdict decided() const noexcept { return verdict_.load(std::memory_order_acquire); }
    // Of the verdict, then of the close.
    std::string_view reason() const noexcept { return as_text(reason_.view()); }
    // Closing needs no memory: at worst the reason is left out.
    void set_reason(std::string_view reason) noexcept;
    // No answer is waited for any more. False: it was given.
    bool expire() noexcept;

    // Whatever the application keeps for this session (src/capi); freed with it.
    class attachment {
      public:
        virtual ~attachment() = default;
        // See session_control::take_from.
        virtual void take_from(attachment &) noexcept {}
    };
    std::unique_ptr<attachment> attached;

  private:
    class send_mail;
    // From the thread that closes; there is one close, so it lies here.
    class close_mail final : public net::mail {
      public:
        void deliver() noexcept override;
        void dispose() noexcept override;

        std::shared_ptr<session_control> who;
        shared_bytes reason;
    };
    class computation;
    class fence;
    class task_mail;
    void take_task(time_us when, std::unique_ptr<task> what) noexcept;
    template <typename Action>
    std::unique_ptr<net::mail> letter(Action action);
    template <typename Action>
    bool post(Action action);
    template <typename Action>
    void try_post(Action action) noexcept;

    // Set in mailed_count_ when the session is over: no mail is let out any more.
    static constexpr std::uint32_t over = 0x80000000;
    std::uint32_t mailed_count() const noexcept { return mailed_count_.load() & ~over; }
    status pass_on(data_frame &&frame);
    status mail_frame(data_frame &&frame);
    bool has_room(std::uint64_t bytes) const noexcept;
    bool owe_receipt() noexcept;
    message_tally *tally() const noexcept { return home_.load(std::memory_order_acquire)->tally; }
    void lose(const data_frame &frame) noexcept;
    void mail_done(std::uint32_t count = 1) noexcept;
    void tell_end() noexcept;

    // Bits of states_.
    static constexpr std::uint8_t state_open = 1;
    static constexpr std::uint8_t state_secure = 2;
    static constexpr std::uint8_t state_away = 4;
    static constexpr std::uint8_t state_moving = 8;
    static constexpr std::uint8_t state_accepted = 16;
    static constexpr std::uint8_t state_paused = 32;
    std::uint64_t message_id(std::uint32_t number) const noexcept {
        return std::uint64_t{connections_.load(std::memory_order_relaxed)} << 32 | number;
    }
    bool is(std::uint8_t state) const noexcept {
        return (states_.load(std::memory_order_acquire) & state) != 0;
    }
    void set(std::uint8_t state, bool on) noexcept {
        on ? states_.fetch_or(state, std::memory_order_release)
           : states_.fetch_and(static_cast<std::uint8_t>(~state), std::memory_order_release);
    }

    // Whether this is the thread that the session lives on.
    bool here() const noexcept {
        return place_->keeper == nullptr ? place_->loop->in_thread() : has_arrived_here();
    }
    CRYO_APART bool has_arrived_here() const noexcept {
        const session_place *const home = home_.load(std::memory_order_acquire);
        return home->loop->in_thread() && !(moving() && home == mail_to_.load(std::memory_order_acquire));
    }
    bool post_mail(std::unique_ptr<net::mail> letter) noexcept;
    bool post_mail(net::mail &letter) noexcept;
    template <typename Post>
    bool post_to_place(Post post) noexcept;

    // What each message touches lies together, from `attached` to the counters: a thousand sessions do not
    // fit into a processor's caches, and wait for each line.
    const std::shared_ptr<const session_place> place_;
    std::uint16_t end_code_ = 0;
    std::uint16_t close_code_ = 0; // of close_mail_
    std::atomic<bool> close_sent_{false};
    std::atomic<bool> ping_under_way_{false}; // from another thread
    std::atomic<verdict> verdict_{verdict::pending};
    std::atomic<std::uint8_t> states_{0};
    session_host *owner_;
    session_counters counters_;
    session_facts facts_;
    close_mail close_mail_;
    shared_bytes reason_;                        // of the verdict, then of the end
    std::atomic<std::uint64_t> mailed_bytes_{0}; // on their way from other threads
    std::atomic<std::uint32_t> mailed_count_{0};
    std::atomic<std::uint32_t> owed_receipts_{0};
    std::atomic<std::uint32_t> computations_{0};            // the number of the connection that they are for
    std::atomic<const session_place *> home_{place_.get()}; // where it lives
    std::atomic<const session_place *> mail_to_{place_.get()}; // where it will
    struct relocation {
        std::vector<std::shared_ptr<const session_place>> places; // other threads may still look at them
        std::vector<data_frame> held; // sent to the new place before it has arrived there
        bool close_held = false;
        std::vector<std::pair<time_us, std::unique_ptr<task>>> tasks;
    };
    std::unique_ptr<relocation> moved_; // null: never
    std::atomic<time_us> expiry_{never};
    std::atomic<std::uint64_t> told_message_{0};
    std::atomic<std::uint32_t> connections_{0};
    std::unique_ptr<task_timers> timers_;   // null: there were none
    std::shared_ptr<ticket_data> ticket_;   // see ticket()
    std::atomic<std::uint32_t> posting_{0}; // threads that have looked at mail_to_, and not posted yet
    // Whom to tell of the end, once there is one.
    std::uint32_t mails_before_end_ = 0;            // that are still to come
    std::shared_ptr<session_observer> end_told_to_; // keeps what it is to keep, which may be nothing
};

} // namespace cryo_core
