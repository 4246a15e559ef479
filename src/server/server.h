// A server: its options, its loops and their threads, from start to the last callback.
#pragma once

#include "endpoint/extension_registry.h"
#include "net/listener.h"
#include "server/drain.h"
#include "server/service.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace cryo_core {

// Held by shared_ptr: the handle of the application has one, and so has every service thread while it runs.
class server final : public std::enable_shared_from_this<server>, private figures_source {
  public:
    server(std::shared_ptr<const server_options> options, std::unique_ptr<server_observer> observer);
    ~server();
    server(const server &) = delete;
    server &operator=(const server &) = delete;

    const server_options &options() const noexcept { return *shared_.options; }

    failure start();
    // Begins to stop; idempotent. False before start. For signal handlers, too: no lock, no memory.
    bool stop() noexcept;
    // Stops once no session is left, or in time. Again: the new order counts. status::state before start.
    failure drain(const drain_order &order);
    // Waits until every loop has ended. status::timeout, state.
    failure wait(std::int32_t timeout_ms);
    // Stops, runs or waits to the end and lets go of the observer. From inside a callback it only begins to.
    void dispose() noexcept;

    // threads = 0. status::closed once it has ended.
    failure run_once(std::int32_t timeout_ms);
    failure check_own_loop() const; // started, and without threads: what the two below need
    // Ends the wait of run_once(), or the next one. False: there is none. For signal handlers, too.
    bool wake() noexcept;
    std::int32_t fd() const noexcept;
    std::int32_t timeout_ms() const noexcept;

    std::uint16_t port() const noexcept { return port_.load(std::memory_order_acquire); }
    net::transport_kind transport() const noexcept {
        return net::resolved(options().transport, static_cast<bool>(options().tls));
    }
    bool running() const noexcept { return state_.load(std::memory_order_acquire) == state::running; }
    bool in_callback() const noexcept;
    // All nothing before start, and while it starts.
    server_figures figures() const noexcept override;

    server_observer &observer() noexcept { return *shared_.observer; }
    service_context &shared() noexcept { return shared_; }
    registry &sessions() noexcept { return shared_.sids; }

    // Where the next session that is opened from here is to live: each loop in turn. status::state, closed.
    failure next_home(service *&out);
    // What comes to a service before it shuts down. False: it does already, and the letter is destroyed.
    bool post_in_time(service &to, std::unique_ptr<net::mail> letter);

    // The number of sessions that it went to; from outside the loops, of those that were live.
    // status::closed, total_full: what is on its way to the loops counts against the bound of all sessions.
    failure broadcast(message_kind kind, bytes_view data, const std::shared_ptr<session_control> &except,
                      std::size_t &count);
    // What messages pass through. status::exists; `registered` is called before it is asked.
    // status::not_found.
    failure add_extension(const std::shared_ptr<extension> &added, const std::function<void()> &registered);
    failure remove_extension(std::string_view name);
    std::shared_ptr<extension> find_extension(std::string_view name) const; // null: none
    // New connections use it; null: the same again, files read anew. status::state: not running, or without
    // TLS. Otherwise as of net::server_tls.
    failure exchange_tls(const net::server_tls_source *with);
    failure set_ticket_keys(bytes_view keys);
    // The observer is no longer congested.
    void resume_reading();
    // For its first loop, at a time or (0) as soon as may be; what one thread posts stays in its order.
    // status::state, closed.
    failure post_task(time_us when, std::unique_ptr<task> what);

  private:
    enum class state : std::uint8_t { fresh, starting, running, stopping, ended };
    class stop_request;

    enum class turned : std::uint8_t { more, busy, ended };

    turned
    turn(std::int32_t timeout_ms) noexcept; // one run of the own loop, or all until the end if disposed
    failure open();
    failure start_threads(std::vector<std::thread> &threads);
    bool started();
    void take_back(std::vector<std::thread> &threads, std::unique_lock<std::mutex> &lock) noexcept;
    void observer_listening();
    void loop_ended() noexcept;
    service *loop_here() const noexcept;
    void hand_out_extensions(extension_source &former);
    void let_go_of_extensions() noexcept;
    bool was_started() const noexcept { return state_.load() > state::starting; }
    failure running_tls(std::shared_ptr<net::server_tls> &out);
    bool own_loop() const noexcept { return options().threads == 0; }

    service_context shared_;
    std::vector<std::unique_ptr<stop_request>> stop_requests_; // made in advance, for each of the
    std::vector<std::unique_ptr<service>> services_;
    std::shared_ptr<net::server_tls> tls_; // null: plain
    std::unique_ptr<net::listener> listener_;
    std::vector<std::thread> threads_;
    std::atomic<std::uint16_t> port_{0};
    std::atomic<state> state_{state::fresh};
    std::atomic<bool> stop_early_{false}; // while it was starting
    std::atomic<bool> in_run_once_{false};
    std::atomic<bool> dispose_wanted_{false}; // who is inside run_once stays there until the end
    mutable std::mutex mutex_;                // of start, stop and the end; never held during a callback
    std::condition_variable ended_;
    std::size_t loops_running_ = 0;
    extension_registry extensions_{mutex_};
    std::size_t next_home_ = 0;
};

} // namespace cryo_core
