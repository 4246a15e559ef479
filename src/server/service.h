// One loop of a server and the connections that live on it.
#pragma once

#include "endpoint/key_pair_stock.h"
#include "endpoint/mail_deadline.h"
#include "endpoint/task.h"
#include "endpoint/worker_pool.h"
#include "net/link.h"
#include "net/loop.h"
#include "server/address_book.h"
#include "server/attempt_limits.h"
#include "server/broadcast_gate.h"
#include "server/drain.h"
#include "server/figures.h"
#include "server/incidents.h"
#include "server/observer.h"
#include "server/options.h"
#include "server/registry.h"

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <optional>

namespace cryo_core {

class away_session;
class connection;
struct kept_session;
struct session_place;

// What the loops of one server share.
struct service_context {
    std::shared_ptr<const server_options> options;
    std::unique_ptr<server_observer> observer;
    registry sids;
    address_book addresses;
    address_book away_addresses; // of sessions that wait for their client
    attempt_limits limits;
    broadcast_gate broadcasts;
    std::atomic<std::uint32_t> pending_validations{0};
    std::atomic<bool> draining{false}; // nobody is let in any more; it may have been stopped
    std::atomic<std::uint32_t> retry_after_s{1};
    const figures_source *source = nullptr;
    mail_deadline mails; // set when the server stops
    worker_pool workers; // for CALE, where it is slow
    const std::shared_ptr<key_pair_stock> key_pairs = key_pair_stock::make();
};

// Where sessions whose connection was lost are kept.
class session_keeper {
  public:
    virtual void keep(std::unique_ptr<kept_session> one) noexcept = 0;

  protected:
    ~session_keeper() = default;
};

class service final : public net::link_acceptor, public session_keeper {
  public:
    explicit service(service_context &shared) noexcept;
    ~service() override;
    service(const service &) = delete;
    service &operator=(const service &) = delete;

    // Makes the loop. Before it runs. `at_stop` is called on its thread before shut_down().
    failure open(const net::loop_options &options, std::function<void()> at_stop);
    const std::shared_ptr<net::loop> &loop() const noexcept { return loop_; }
    const std::shared_ptr<const session_place> &place() const noexcept { return place_; }

    // --- any thread --------------------------------------------------------------------------------------
    // Runs on the loop's thread, in order.
    bool post(std::function<void(service &)> action);
    std::unique_ptr<net::mail> letter(std::function<void(service &)> action);
    bool post(std::unique_ptr<net::mail> letter) noexcept { return loop_->post(std::move(letter)); }
    bool post(net::mail &letter) noexcept { return loop_->post(letter); } // see net::mailbox
    // Posts shut_down(), once. It needs no memory.
    void stop() noexcept;
    const service_counters &counters() const noexcept { return counters_; }

    // --- the loop's thread -------------------------------------------------------------------------------
    service_context &shared() noexcept { return shared_; }
    const server_options &options() const noexcept { return *shared_.options; }
    service_counters &counters() noexcept { return counters_; }
    // For the log: see server/incidents.h.
    void tell_incident(const net::link &of, std::string_view words) noexcept;
    server_observer &observer() noexcept { return *shared_.observer; }

    // What its sessions' messages pass through. Gives the former ones back, to be let go of.
    extension_source extensions(extension_source replaced_by) noexcept {
        return std::exchange(extensions_, std::move(replaced_by));
    }
    const extension_source &extensions() const noexcept { return extensions_; }

    void broadcast(message_kind kind, const shared_bytes &payload, const session_control *except,
                   std::size_t *count);
    // Closes every connection; the loop ends when the last one is gone.
    void shut_down();
    void drain(std::shared_ptr<drain_plan> plan);
    farewell last_words() const noexcept;
    void resume_reading();

    void remove(connection &gone) noexcept;
    // It counts no more for what its address may have.
    void leave_address_book(connection &one) noexcept;

    // Whether this is the address of one client, and limits for each address are for it.
    bool is_of_one(const net::address &client) const noexcept;
    // And whether there is one of connections.
    bool is_counted(const net::address &client) const noexcept;
    // False: it has as many as it may.
    bool count_in(const net::address &client);

    // Sessions that were opened from here (src/peer) live on the loop beside the connections: `one` is a list
    // of one. Before shut_down().
    using guests = std::list<std::shared_ptr<session_control>>;
    void move_in(guests &&one) noexcept { guests_.splice(guests_.end(), std::move(one)); }
    void move_out(const session_control &who) noexcept;

    // Of the application: at `when`, or at once if that is 0. Not any more while it shuts down.
    void take_task(time_us when, std::unique_ptr<task> what) noexcept;

    // A session that waits for its client, and tells that its connection is lost. Also while it shuts down.
    void keep(std::unique_ptr<kept_session> one) noexcept override;
    void drop(const away_session &gone) noexcept;

  private:
    class drain_timer final : public timer {
      public:
        explicit drain_timer(service &of) noexcept : of_(of) {}
        void on_deadline(time_us now) override;

      private:
        service &of_;
    };

    net::link_handler *on_link(net::link &link) override;
    void on_tls_failure(const net::link &link, const char *why) noexcept override;
    void go_on_draining(time_us now);
    void close_some(std::size_t count);
    void report_empty();
    template <typename Visit>
    void visit_away(Visit visit);
    void end_away();
    bool empty() const noexcept { return first_ == nullptr && guests_.empty() && away_.empty(); }

    service_counters counters_;
    service_context &shared_;
    std::shared_ptr<net::loop> loop_;
    std::shared_ptr<const session_place> place_; // of its sessions
    std::unique_ptr<net::mail> stop_mail_;
    connection *first_ = nullptr;
    extension_source extensions_;
    std::unique_ptr<task_timers> tasks_;
    guests guests_;
    std::list<std::unique_ptr<away_session>> away_;
    bool visiting_away_ = false; // who is dropped meanwhile stays, empty
    bool shutting_down_ = false;
    bool reported_empty_ = false;
    std::shared_ptr<drain_plan> plan_;        // null: it does not drain
    std::optional<std::size_t> drained_from_; // how many sessions there were when that began
    drain_timer drain_timer_{*this};
    incident_log incidents_;
};

} // namespace cryo_core
