// A thread's worth of connections: one libuv loop, what carries their bytes, a mailbox and timers.
//
// It is held by shared_ptr because it outlives its running: whoever still has mail for it is told that it has
// ended.
#pragma once

#include "base/apart.h"
#include "base/clock.h"
#include "base/status.h"
#include "base/timer_heap.h"
#include "net/address.h"
#include "net/link.h"
#include "net/loop_counters.h"
#include "net/mailbox.h"
#include "net/socket.h"
#include "net/tls_server.h"
#include "net/transport_kind.h"
#include "net/trusted_proxies.h"

#include <memory>

namespace cryo_core::net {

struct loop_options {
    std::shared_ptr<const server_tls> tls{}; // null: plain

    transport_kind transport = transport_kind::automatic;
    bool accepts = true; // false: no connection is ever given to it, which spares it the transport

    // How many connections are to be expected, if that is known.
    std::uint32_t connections = 0;

    // Drops a connection whose peer acknowledges nothing for so long, on systems that can; 0: the system's
    // way.
    std::uint32_t user_timeout_ms = 0;

    // Every connection is that of one of these, and begins with a PROXY header; null: none does.
    std::shared_ptr<const trusted_proxies> proxy_protocol{};
    time_us preface_timeout = from_ms(5000); // for that header
};

class link_acceptor {
  public:
    virtual ~link_acceptor() = default;

    // A connection has come; with TLS, before its handshake. null: drop it. What it throws drops it too.
    virtual link_handler *on_link(link &fresh) = 0;

    // There was no TLS; on_gone() follows, if on_link() was called. `why` is static text.
    virtual void on_tls_failure(const link &, const char * /*why*/) noexcept {}
};

// What another layer keeps for a loop. It is used on the loop's thread, and goes with the loop at the latest.
class loop_part {
  public:
    explicit loop_part(const void *whose) noexcept : key_(whose) {}
    loop_part(const loop_part &) = delete;
    loop_part &operator=(const loop_part &) = delete;
    virtual ~loop_part() = default;

    // See loop::tell_when_read.
    virtual void on_sockets_read() noexcept = 0;
    // Nobody will ask for it any more.
    virtual bool is_stale() const noexcept = 0;

    const void *key() const noexcept { return key_; }

  protected:
    // on_sockets_read() will come.
    bool is_asked() const noexcept { return asked_; }

  private:
    friend class loop_core;
    const void *const key_;
    bool asked_ = false;
};

// A thread that adds to letters which it has posted already, while they are on their way. It is told before
// it posts another one: what it says from then on must not come before that.
class letter_writer {
  public:
    virtual void another_is_posted() noexcept = 0;

    static letter_writer *of_thread() noexcept;
    static void set_of_thread(letter_writer *writer) noexcept; // null: none

  protected:
    ~letter_writer() = default;
};

class loop : public std::enable_shared_from_this<loop> {
    struct key {};

  public:
    // The acceptor must live until the loop has ended. null: `why` says why.
    static std::shared_ptr<loop> create(const loop_options &options, link_acceptor &acceptor, failure &why);

    explicit loop(key) noexcept;
    ~loop(); // a loop that never ran, or was not ended, is torn down here
    loop(const loop &) = delete;
    loop &operator=(const loop &) = delete;

    // From any thread. false: the loop has ended, the mail is destroyed. What one thread posts is delivered
    // in its order.
    bool post(std::unique_ptr<mail> letter) noexcept;
    bool post(mail &letter) noexcept; // one that disposes of itself

    // The same, but a loop that looks for answers by itself (expect_answers) need not be woken before
    // wake_for_quiet_mail().
    bool post_quietly(mail &letter) noexcept;
    void wake_for_quiet_mail() noexcept;

    // For signal handlers, too: takes no lock and needs no memory. A letter that disposes of itself, as
    // above.
    bool post_from_signal(mail &letter) noexcept;
    // Likewise: ends the wait of run_once(), or the next one. Not once the loop is being destroyed.
    void wake() noexcept;

    // From any thread: hands an accepted socket over. false: the loop has ended, and the socket is closed.
    bool adopt(socket accepted, const address &from) noexcept;

    // Runs until end() was called. Before it returns, the links that remain get on_gone, and mail that
    // remains is destroyed.
    void run() noexcept;

    // Delivers mail, then one iteration, waiting as long for something to happen; -1: for ever, 0: not at
    // all. A signal handler that ran on the thread, and wake(), end the waiting. false: the loop has ended,
    // as at the end of run().
    bool run_once(std::int32_t timeout_ms) noexcept;

    // On the loop's thread: run() and run_once() tear down after the current iteration.
    void end() noexcept;

    // For a foreign event loop: when the descriptor is readable, or the time (-1: none) has passed,
    // run_once(0) is due. The descriptor is -1 where the system has none.
    std::int32_t backend_fd() const noexcept;
    std::int32_t backend_timeout_ms() const noexcept;

    // Whether the caller is inside run() or run_once() of this loop.
    bool in_thread() const noexcept;

    // Those below: on the loop's thread.

    // Read once in an iteration.
    time_us now() const noexcept { return clock_.now(); }

    void set_deadline(timer &t, time_us when) noexcept;
    void cancel(timer &t) noexcept;

    std::size_t link_count() const noexcept;

    // null: there is none of that one's.
    loop_part *part(const void *whose) const noexcept {
        return last_part_ != nullptr && last_part_->key() == whose ? last_part_ : find_part(whose);
    }
    // Throws std::bad_alloc.
    void add_part(std::unique_ptr<loop_part> one);
    // While the sockets are read: on_sockets_read() comes once they are, before any mail. False: they are
    // not.
    bool tell_when_read(loop_part &one) noexcept;
    // What is being read is for another thread, which is about to answer it: what there is to be said to this
    // peer besides waits for that, for answer_wait at most. Not where the application runs the loop.
    void expect_answers() noexcept;
    static constexpr time_us answer_wait = from_ms(1);

    // From any thread.
    const loop_counters &counters() const noexcept;

  private:
    friend class dialer;
    friend class listener;
    friend class loop_core;

    // The time since when it was last forgotten: reading it costs a system call, or nearly.
    class clock {
      public:
        time_us now() const noexcept { return now_ == never ? read() : now_; }
        void forget() noexcept { now_ = never; }

      private:
        CRYO_APART time_us read() const noexcept { return now_ = monotonic_now(); }
        mutable time_us now_ = never;
    };

    loop_part *find_part(const void *whose) const noexcept;

    clock clock_;
    mutable loop_part *last_part_ = nullptr;
    std::unique_ptr<loop_core> core_;
};

} // namespace cryo_core::net
