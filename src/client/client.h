// A client: one session that connects, and comes back when its connection is lost. Everything but its
// beginning happens on its home's loop.
#pragma once

#include "client/frame_writer.h"
#include "client/observer.h"
#include "client/options.h"
#include "client/reconnect.h"
#include "endpoint/away_messages.h"
#include "endpoint/delivery_watch.h"
#include "endpoint/extension_registry.h"
#include "endpoint/refused_message.h"
#include "endpoint/session_control.h"
#include "endpoint/session_home.h"
#include "endpoint/token_request.h"
#include "net/dialer.h"
#include "session/resume_point.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace cryo_core {

class client final : public std::enable_shared_from_this<client>,
                     public session_host,
                     public net::ws_link_handler,
                     public session_events,
                     public timer {
  public:
    client(client_options options, std::unique_ptr<client_observer> observer,
           std::shared_ptr<session_home> on);
    ~client() override;
    client(const client &) = delete;
    client &operator=(const client &) = delete;

    // --- any thread
    // -----------------------------------------------------------------------------------------
    const std::shared_ptr<session_control> &control() const noexcept { return control_; }
    // Once: what can go wrong before the first attempt. status::state when it was started before, the tls
    // ones.
    failure prepare();
    // The same, and begin() on its loop. status::closed when that has ended.
    failure start();
    bool started() const noexcept { return started_; }
    bool ended() const noexcept { return *ended_; }
    // From the next attempt on. status::state: it asks for its tokens; closed: there will be none.
    failure set_token(std::string token);
    // The observer is no longer congested.
    void resume_reading();
    // As a server's.
    failure add_extension(const std::shared_ptr<extension> &added, const std::function<void()> &registered);
    failure remove_extension(std::string_view name);
    std::shared_ptr<extension> find_extension(std::string_view name) const;

    // --- the loop's thread
    // -----------------------------------------------------------------------------------------
    // Behind prepare(). From now on it holds itself until it has ended.
    void begin() noexcept;

  private:
    enum class phase : std::uint8_t {
        idle,
        asking,     // for the token of the next attempt
        connecting, // a link is on its way, or its session is not open yet
        open,
        closing, // our close waits for what was accepted before it to leave, then for the link's end
        waiting, // for the next attempt
        over,
    };

    // How the connection ended, or why there is none.
    struct ending {
        std::uint16_t code = 0; // 0: there was no WebSocket
        std::string reason;
        net::dial_failure failed;
    };

    struct running {
        explicit running(const client &of);
        ~running();
        running(const running &) = delete;
        running &operator=(const running &) = delete;
        std::shared_ptr<client> self; // null: it did not begin
        std::shared_ptr<session_control> control;
        std::shared_ptr<std::atomic<bool>> ended;
        std::shared_ptr<end_watcher> watcher;
    };

    // session_host
    status send(data_frame &&frame) override;
    void send_accepted(data_frame &&frame) noexcept override;
    bool offer(data_frame &&frame) override;
    void on_hooks_settled() noexcept override;
    void ping() override;
    void close(std::uint16_t code, std::string_view reason) override;
    void on_computed(cale_job done) override;
    void on_room() override;
    void on_pause() override;
    void on_token() override;
    // net::ws_link_handler
    void on_connected() override;
    void on_failed(const net::dial_failure &why) override;
    void on_binary(bytes_mut message) override;
    void on_text(bytes_mut message) override;
    void on_too_big() override;
    void on_violation(std::uint16_t code, std::string_view what) override;
    void on_activity() override;
    void on_flush() override;
    void on_peer_close(std::uint16_t code, std::string_view reason) override;
    void on_gone() noexcept override;
    // session_events
    void on_open() override;
    void on_message(message_kind kind, bytes_view data) override;
    void on_statistic(statistic which, double value) override;
    void on_close_wanted(std::uint16_t code, std::string_view reason) override;
    void on_computation(cale_job job) override;
    void on_dropped(const data_frame &frame, drop_reason reason) override;
    void on_writable() override;
    void on_keep_alive() override;
    bool ping_under_way() noexcept override;
    void on_receipt(std::uint64_t receipt, receipt_outcome outcome, double round_trip_ms,
                    std::string_view by) override;
    void *context() noexcept override { return control_.get(); }
    // timer
    void on_deadline(time_us now) override;

    // Whatever goes wrong inside must not go through the frames of the C libraries that called us.
    template <typename Function>
    void guarded(Function function) noexcept {
        try {
            function();
        } catch (...) {
            out_of_memory();
        }
    }
    void out_of_memory() noexcept;
    void remember_close(std::uint16_t code, std::string_view reason) noexcept;
    time_us now() const noexcept { return home_->loop()->now(); }
    net::dial_target target() const;
    void connect();
    void dial() noexcept;
    void start_close(std::uint16_t code, std::string_view reason);
    void part();
    void look_at_flow(time_us at);
    void await_end() noexcept;
    void update_reading();
    void after_input();
    void rearm();

    // The token of an attempt (client_token.cpp).
    std::string current_token() const;
    void forget_token() noexcept;
    void ask_for_token() noexcept;
    void take_token() noexcept;
    void give_up_token() noexcept;
    void drop_token_request() noexcept;
    void fail_without_token(failure why) noexcept;

    // What comes after a connection, or an attempt (client_loss.cpp).
    void settle_loss() noexcept;
    void settle(const failure &why);
    bool comes_back() const noexcept;
    time_us next_delay(std::uint64_t dice) noexcept;
    void publish_outstanding() noexcept;
    std::vector<unsent_message> take_unsent(std::optional<data_frame> &refused);
    void tell_lost(const data_frame &lost, receipt_outcome how = receipt_outcome::closed) noexcept;
    void keep(data_frame &&frame);
    void hand_out_extensions(extension_source &former);
    const extension_source *asked() const noexcept {
        const extension_source *const shared = home_->extensions();
        return shared != nullptr ? shared : &asked_;
    }
    void agree_on_numbers();
    void tell_what_is_held() noexcept;
    void tell_failure(const failure &why, time_us retry_in) noexcept;
    void close_for_good(std::uint16_t code, std::string_view reason) noexcept;
    failure failure_of(const ending &how) const;

    const std::shared_ptr<const client_options> options_;
    const std::unique_ptr<client_observer> observer_;
    const std::shared_ptr<session_home> home_;
    std::shared_ptr<const net::client_tls> tls_;
    std::optional<net::proxy> proxy_; // from the start on
    std::shared_ptr<session_control> control_;
    std::shared_ptr<running> running_; // holds the client until its last event was told
    std::atomic<bool> started_{false};
    away_messages outstanding_;                      // what is to be sent (again) once it is open
    const std::shared_ptr<std::atomic<bool>> ended_; // outlives the client, for who lets it go last

    mutable std::mutex extensions_mutex_; // of the registry, and of the start
    extension_registry extensions_{extensions_mutex_};
    extension_source asked_; // the loop's; before the start, whoever holds the mutex

    mutable std::mutex token_mutex_; // of the next two
    std::string token_;              // of the next attempt
    bool token_wanted_ = true;       // there may be another attempt
    std::shared_ptr<token_request> token_request_;

    net::ws_link *link_ = nullptr;
    std::optional<session> session_;
    std::optional<frame_writer> writer_;
    std::vector<data_frame>
        undelivered_; // acknowledged, and waited for an extension when the connection was lost
    frame_numbers numbers_;
    std::uint64_t conversation_ = 0; // the server's name for them
    ending end_;
    std::string close_reason_; // of our own close
    delivery_watch watch_;
    time_us look_ = never; // when to see whether the server takes anything
    time_us phase_deadline_ = never;
    time_us opened_at_ = 0;  // this connection's session
    time_us last_delay_ = 0; // before the last attempt
    refused_message refused_;
    std::uint32_t failures_ = 0; // in a row
    std::uint16_t close_code_ = 0;
    phase phase_ = phase::idle;
    bool close_asked_ = false; // by the application: it does not come back
    bool close_frame_sent_ = false;
    bool was_open_ = false;      // this connection
    bool announced_ = false;     // ever
    bool dialled_ = false;       // this attempt
    bool token_refused_ = false; // with 401, since it was open
    bool may_hold_id_ = false;   // the server: an attempt ended without its answer
    bool reading_paused_ = false;
};

} // namespace cryo_core
