// One client from its first byte to its last: the request head, the validation of its token, the session, the
// close. It joins a link (bytes), the WebSocket parser, the session (frames) and the application's observer.
#pragma once

#include "endpoint/delivery_watch.h"
#include "endpoint/session_control.h"
#include "server/outbox.h"
#include "server/registry.h"
#include "upgrade/admission.h"
#include "upgrade/question.h"
#include "upgrade/request.h"
#include "ws/parse.h"

#include <memory>
#include <optional>
#include <string>

namespace cryo_core {

class service;
struct kept_session;

class connection final : public session_host,
                         public net::link_handler,
                         public ws::parse_handler,
                         public session_events,
                         public timer {
  public:
    connection(service &home, net::link &link, bool over_address_limit, bool counted);
    ~connection() override;
    connection(const connection &) = delete;
    connection &operator=(const connection &) = delete;

    // session_host
    void on_verdict() override;
    void on_sid_free() override;
    void on_sid_taken() override;
    void on_computed(cale_job done) override;
    void finish_closing() override;
    void on_probe() override;
    void on_rival(bool if_silent) override;
    void on_expiry() override;
    void on_pause() override;
    void on_handled(std::uint32_t number) override;
    bool on_resumed(std::unique_ptr<kept_session> &kept) noexcept override;
    status send(data_frame &&frame) override;
    bool send_at_once(message_kind kind, bytes_view data) override;
    void send_accepted(data_frame &&frame) noexcept override;
    void send_run(std::span<const posted_message> messages) noexcept override;
    bool offer(data_frame &&frame) override;
    void on_hooks_settled() noexcept override;
    void ping() override;
    void close(std::uint16_t code, std::string_view reason) override;

    // --- from service --------------------------------------------------------------------------------------
    void shut_down();
    void resume_reading();
    net::address_key remote_key() const { return link_.remote_key(); }
    // Not among those that its address may have.
    bool uncounted() const noexcept { return uncounted_; }
    void set_uncounted() noexcept { uncounted_ = true; }
    // One that is being validated, too.
    bool has_session() const noexcept { return control_ != nullptr; }
    // The server drains: whoever is not in yet stays out.
    void refuse_newcomer();
    bool live() const noexcept { return control_ && control_->open(); }
    const session_control *control() const noexcept { return control_.get(); }

  private:
    // In this order, some left out.
    enum class phase : std::uint8_t {
        head,        // the request head is coming
        validating,  // the application's validator runs
        waiting,     // let in, but another connection still has the session id
        established, // the WebSocket is open; the session decides whether it is announced yet
        closing,     // our close waits for what was accepted before it, then for the peer's
        finishing,   // the last bytes leave
        finished,    // the link shuts down
    };
    struct handshake; // what only the time before the upgrade needs

    // net::link_handler
    void on_read(bytes_mut data) override;
    void on_flush() override;
    void on_gone() noexcept override;
    // timer
    void on_deadline(time_us now) override;
    // ws::parse_handler
    bool on_message(ws::opcode kind, bytes_mut payload) override;
    bool on_ping(bytes_view payload) override;
    bool on_pong(bytes_view payload) override;
    bool on_close(std::uint16_t code, std::string_view reason) override;
    // session_events
    void on_open() override;
    void on_message(message_kind kind, bytes_view data) override;
    void on_statistic(statistic which, double value) override;
    void on_close_wanted(std::uint16_t code, std::string_view reason) override;
    void on_malformed() override;
    void on_keep_alive() override;
    bool ping_under_way() noexcept override;
    void on_computation(cale_job job) override;
    void on_dropped(const data_frame &frame, drop_reason reason) override;
    void on_writable() override;
    void on_receipt(std::uint64_t receipt, receipt_outcome outcome, double round_trip_ms,
                    std::string_view by) override;
    std::uint8_t *place_for(std::size_t frame_size) noexcept override { return outbox_.claim(frame_size); }
    void leave_out(std::size_t frame_size) noexcept override { outbox_.leave_out(frame_size); }
    void *context() noexcept override { return control_.get(); }

    // How things stood when the ping left that asks whether the peer is there.
    struct probe {
        std::uint64_t taken; // of what the peer is sent
        std::optional<std::uint64_t> received;
    };

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

    void read_head(bytes_mut data);
    void keep(bytes_view data);
    void not_http(bytes_view first, const char *what, int status);
    void head_came_to_nothing();
    void request_complete();
    bool answered(const upgrade::request &request);
    upgrade::reply reply_to(upgrade::question asked, const upgrade::request &request, std::string &body);
    bool find_client(const upgrade::request &request);
    std::string proxy_address() const;
    bool is_full(const std::string *token) const;
    void validate(upgrade::request &&request, const upgrade::parameters &query, std::string_view token);
    bool limited(time_us wait);
    void count_failed_token();
    void refuse_by_application(const ticket_data &answered);
    void decide();
    registry::takeover may_take_over() const noexcept;
    void admit();
    void wait_in_vain(time_us now);
    void upgrade();
    std::string agree_on_numbers();
    void refuse(const upgrade::refusal &no);
    void tell_refusal(const upgrade::refusal &no) noexcept;
    void breach(std::uint16_t code, std::string_view reason) noexcept;
    void tell_close(std::uint16_t code, std::string_view reason, bool by_peer) noexcept;
    void count_messages() noexcept;
    void refuse(int status, std::string_view why);
    void stop_counting_pending() noexcept;

    void read_frames(bytes_mut data);
    bool take_in(data_frame &&frame, bool measured);
    bool has_shown_life(bool just_read) const noexcept;
    void keep_id();
    void tell_what_is_held();
    void end_closing();
    void watch_message(time_us now) noexcept;
    time_us message_due(time_us since) const noexcept;
    time_us time_bought(std::size_t bytes) const noexcept;
    void start_close(std::uint16_t code, std::string_view reason) noexcept;
    void remember_close(std::uint16_t code, std::string_view reason) noexcept;
    void go_on_closing();
    void append_answers();
    void send_close_frame();
    void append_close_frame(std::uint16_t code, std::string_view reason);
    void finish();
    void part();
    bool lose(std::uint16_t code, std::string_view reason);
    void leave(bool said) noexcept;
    void look_at_flow(time_us now);
    void drop() noexcept;
    void end_session(std::uint16_t code, std::string_view reason);
    bool keep_session(std::uint16_t code, std::string_view reason) noexcept;
    void go_on();
    void update_reading();
    void excuse_peer() noexcept;
    void rearm();
    time_us wanted_deadline() const noexcept;
    net::delivery delivery() const noexcept;

    // What each message touches lies together, up to the beginning of the parser: see session_control.
    service &service_;
    net::link &link_;
    std::shared_ptr<session_control> control_; // from validation on
    // When this phase has lasted too long; established: the message in progress has stood still, or never.
    time_us due_;
    time_us read_at_ = 0;  // when what is being read has come
    time_us look_ = never; // established: when to see whether the peer takes anything
    std::uint16_t close_code_ = 0;
    phase phase_ = phase::head;
    bool over_address_limit_ : 1;
    bool uncounted_ : 1;
    bool announced_ : 1 = false;
    bool close_frame_sent_ : 1 = false;
    bool reading_paused_ : 1 = false;
    bool unread_by_us_ : 1 = false;   // paused because the application is slow, not because the peer is
    bool expires_ : 1 = false;        // at a time that its control has, which lies far from here
    bool unintelligible_ : 1 = false; // the peer's bytes failed to parse, and all that follow do
    std::optional<session> session_;  // from the upgrade on
    outbox outbox_;
    ws::parser parser_;
    std::unique_ptr<handshake> handshake_;
    std::unique_ptr<kept_session> kept_; // what it goes on with, until it is open
    std::size_t message_seen_ = 0;       // bytes of the message in progress, when they counted last
    std::unique_ptr<const probe> probe_; // a newcomer wants its id, and it has not been heard since
    std::uint32_t counted_messages_ = 0; // session::messages_mark() when they were counted last
    delivery_watch watch_;

  public:
    connection *previous = nullptr; // the list of the service
    connection *next = nullptr;
};

} // namespace cryo_core
