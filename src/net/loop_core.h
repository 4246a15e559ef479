// The inside of a loop: libuv's handles, the transport of its connections and the lists of links. Only
// src/net includes this.
#pragma once

#include "net/loop.h"
#include "net/loop_counters.h"
#include "net/lws_timer.h"
#include "net/ring.h"
#include "net/tls_link.h"
#include "net/transport.h"

#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <uv.h>

namespace cryo_core::net {

// Something else with a handle on the loop, which has to go before the loop does.
class loop_guest : public ring_hook<loop_guest> {
  public:
    virtual void loop_ends() noexcept = 0;

  protected:
    ~loop_guest() = default;
};

// Something to do once, behind the events of an iteration. It may destroy itself in it.
class loop_errand : public ring_hook<loop_errand> {
  public:
    virtual void run_errand() noexcept = 0;

  protected:
    ~loop_errand() = default;
};

// The log hears only now and then of what each new connection may cause.
class complaints {
  public:
    bool due(time_us now) noexcept {
        if (last_ != never && now - last_ < from_ms(10'000)) return false;
        last_ = now;
        return true;
    }

  private:
    time_us last_ = never;
};

class loop_core {
  public:
    loop_core(loop &owner, link_acceptor &acceptor) noexcept
        : owner_(owner), acceptor_(acceptor), finish_timer_(*this), answer_timer_(*this) {}
    ~loop_core() { tear_down(); }
    loop_core(const loop_core &) = delete;
    loop_core &operator=(const loop_core &) = delete;

    bool open(const loop_options &options, failure &why);
    bool put(mail &letter) noexcept;
    bool put_quietly(mail &letter) noexcept;
    void wake_for_quiet_mail() noexcept;
    bool put_from_signal(mail &letter) noexcept;
    void wake() noexcept;
    void run() noexcept;
    bool run_once(std::int32_t timeout_ms) noexcept;
    void end() noexcept;
    void tear_down() noexcept;
    std::int32_t backend_fd() const noexcept;
    std::int32_t backend_timeout_ms() const noexcept;

    bool in_thread() const noexcept {
        return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id();
    }
    time_us now() const noexcept { return owner_.clock_.now(); }
    void forget_now() noexcept { owner_.clock_.forget(); }

    // What is below is called on the loop's thread only.
    void take_in(socket accepted, const address &from) noexcept;
    void introduce_socket(socket accepted, const address &from) noexcept; // behind its PROXY header
    void flush_soon(link &l) noexcept;
    void flush_now(link &l) noexcept;
    // Behind the reading of a link that has something to say.
    void flush_when_answered(link &l) noexcept {
        l.waits_for_answer_ = true;
        waiting_.add(l);
    }
    // Since they were forgotten.
    bool answers_expected() const noexcept { return answers_expected_; }
    void forget_answers() noexcept { answers_expected_ = false; }
    void expect_answers() noexcept {
        if (!polling_ || !runs_by_itself_) return;
        answers_expected_ = true;
        if (!answer_timer_.armed()) look_for_answers();
    }
    void end_soon(link &l) noexcept;
    void end_later(link &l) noexcept; // finish_timeout_ms from now

    loop &owner() const noexcept { return owner_; }
    bool uses_tls() const noexcept { return uses_tls_; }
    // Of its links; there is one where there is a link.
    transport &carrier() const noexcept { return *transport_; }
    void find_timer(lws_timer &of) noexcept { of.find(uv_, deadline_, wait_); }
    std::size_t link_count() const noexcept { return link_count_; }
    timer_heap &timers() noexcept { return timers_; }
    uv_loop_t &uv() noexcept { return uv_; }
    void add(loop_guest &guest) noexcept { guests_.add(guest); }
    void soon(loop_errand &errand) noexcept { errands_.add(errand); }
    // What a connection reads into, for the time of that: they share it. Throws std::bad_alloc.
    bytes_mut read_buffer();
    // Something was read from a socket.
    void note_input() noexcept { ++inputs_; }
    loop_counters &counters() noexcept { return counters_; }
    void tell_tls_failure(const link &of, const char *why) noexcept;
    std::uint32_t user_timeout_ms() const noexcept { return user_timeout_ms_; }
    bool ends() const noexcept { return torn_down_ || end_asked_; }
    loop_part *find_part(const void *whose) const noexcept;
    void add_part(std::unique_ptr<loop_part> one);
    bool tell_when_read(loop_part &one) noexcept {
        if (polling_ && !one.asked_) {
            asked_parts_.push_back(&one); // there is room for all
            one.asked_ = true;
        }
        return polling_;
    }
    const trusted_proxies *proxy_protocol() const noexcept { return proxy_protocol_.get(); }
    time_us preface_timeout() const noexcept { return preface_timeout_; }
    bool complaint_of_preface_due() noexcept { return preface_complaints_.due(now()); }

  private:
    class finish_timer final : public timer {
      public:
        explicit finish_timer(loop_core &core) noexcept : core_(core) {}
        void on_deadline(time_us now) override;

      private:
        loop_core &core_;
    };
    // While it is armed the loop is known to look what has come.
    class answer_timer final : public timer {
      public:
        explicit answer_timer(loop_core &core) noexcept : core_(core) {}
        void on_deadline(time_us) override { core_.stop_looking_for_answers(); }

      private:
        loop_core &core_;
    };
    struct visit;
    void look_for_answers() noexcept;
    void stop_looking_for_answers() noexcept;

    void wait_for_something(std::int32_t timeout_ms) noexcept;
    void settle() noexcept;
    void flush_links() noexcept;
    void run_errands() noexcept;
    void end_links() noexcept;
    void end_link(link &l) noexcept;
    void timers_come_due() noexcept;
    void run_due_timers() noexcept;
    void run_timers(time_us now) noexcept;
    void arm() noexcept;
    bool anything_left() const noexcept;
    bool deliver_mail() noexcept;
    void tell_parts() noexcept;
    void begin_turn() noexcept;
    void end_turn() noexcept;
    link *make_link(const address &from) noexcept;
    void introduce(link &fresh) noexcept;
    void complain_of_descriptors(os_socket one) noexcept;
    void stop_wakes() noexcept;
    void close_handles() noexcept;
    void hold_descriptors(bool on) noexcept;

    loop_counters counters_;
    loop &owner_;
    link_acceptor &acceptor_;
    uv_loop_t uv_{};
    uv_prepare_t prepare_{};
    uv_check_t check_{};
    uv_idle_t again_{};     // active: poll, but do not wait
    uv_timer_t deadline_{}; // the next of timers_
    uv_timer_t wait_{};     // how long run_once() may wait
    uv_async_t mail_came_{};
    std::unique_ptr<transport> transport_; // null: no connection is given to it
    std::unique_ptr<tls_room> tls_;        // null: plain, or the transport's

    mailbox box_;
    std::atomic<std::uint32_t> wakers_{0}; // threads inside wake()
    std::atomic<bool> deaf_{false};        // no more wakes
    std::atomic<bool> looks_{false};       // by itself, see answer_timer
    std::atomic<bool> wake_owed_{false};   // there is mail that it was not woken for
    std::atomic<std::thread::id> thread_{};

    timer_heap timers_;
    time_us armed_for_ = never;
    // See loop_timers.cpp.
    time_us polled_at_ = 0;           // while timers are due: when the last poll began
    time_us held_until_ = 0;          // no timer runs before
    time_us catch_up_until_ = 0;      // until then, what lies in the sockets goes before the timers
    std::uint32_t inputs_ = 0;        // counts reads
    std::uint32_t inputs_before_ = 0; // at the last poll's beginning
    bool timers_due_ = false;
    std::uint64_t turn_began_ms_ = 0; // as libuv counts; 0: it waits

    ring<link, rings::all> links_;
    // What is to be done for a link next; it is in one of them, if at all.
    ring<link, rings::due> flushing_;
    ring<link, rings::due> waiting_;   // for what another thread has to say
    ring<link, rings::due> finishing_; // in order of their deadlines
    ring<link, rings::due> ending_;
    ring<loop_guest, loop_guest> guests_;
    ring<loop_errand, loop_errand> errands_;
    finish_timer finish_timer_;
    answer_timer answer_timer_;
    std::size_t link_count_ = 0;
    std::vector<std::unique_ptr<loop_part>> parts_;
    std::vector<loop_part *> asked_parts_;        // to be told that the sockets are read
    bool polling_ = false;                        // they are being
    bool runs_by_itself_ = false;                 // and not when the application says so
    bool answers_expected_ = false;               // to what is being read
    std::unique_ptr<std::uint8_t[]> read_buffer_; // null: nobody has read

    complaints complaints_; // of having no place for another descriptor
    std::shared_ptr<const trusted_proxies> proxy_protocol_;
    time_us preface_timeout_ = 0;
    complaints preface_complaints_;
    std::uint32_t user_timeout_ms_ = 0;
    bool uses_tls_ = false;
    bool uv_open_ = false;
    bool async_open_ = false;
    bool end_asked_ = false;
    bool torn_down_ = false;
};

// What a transport reports about a link, and what it may ask of it.
struct link_events {
    // It has its socket. `carried`: the transport's own, to be had back.
    static void opened(link &l, os_socket s, void *carried = nullptr) noexcept;
    // With TLS: the peer's first bytes have come. false: and others before.
    static bool handshake_done(link &l) noexcept;
    static void received(link &l, bytes_mut data) noexcept;
    static void can_write(link &l) noexcept;
    // `handshake_failure`: null, or why there was no TLS.
    static void closed(link &l, const char *handshake_failure) noexcept;

    // Reads once from a plain socket, and reports what came, or the end.
    enum class outcome : std::uint8_t { nothing, all, part }; // part: there may be more
    static outcome read_some(link &l) noexcept;
    // It ends by the peer.
    static void over(link &l) noexcept;
    // The same, where the system has just said whether the peer has ended its side: it is not asked again.
    static outcome read_told(link &l, bool peer_has_left) noexcept {
        l.told_ = true;
        l.told_end_ = peer_has_left;
        const outcome seen = read_some(l);
        l.told_ = false;
        return seen;
    }

    static os_socket descriptor(const link &l) noexcept { return l.descriptor_; }
    static os_socket take_descriptor(link &l) noexcept; // it has none any more
    static void *carried(const link &l) noexcept { return l.carried_; }
    static bool reads(const link &l) noexcept { return l.reading_ && is_open(l); }
    static bool waits_for_room(const link &l) noexcept { return l.choked_ && is_open(l); }

  private:
    static bool received_tls(link &l, bytes_mut buffer, std::size_t size) noexcept;
    static bool is_open(const link &l) noexcept { return l.is_open() && l.phase_ != link::phase::ending; }
};

void abort_after_exception(link &l, const char *what) noexcept;

} // namespace cryo_core::net
