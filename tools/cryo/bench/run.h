// One run of the load generator, from the first connection to the last farewell.
#pragma once

#include "bench/options.h"
#include "bench/process.h"
#include "bench/session.h"

#include <functional>
#include <memory>
#include <vector>

namespace cryo_tool {

class bench_run final : private bench_owner {
  public:
    enum class phase : std::uint8_t { connecting, warming_up, measuring, draining, closing, over };

    // What a person is told while it runs.
    struct progress {
        phase now = phase::connecting;
        std::uint64_t connections = 0;
        double measured_s = 0;
        double rate = 0; // since the last one
        std::uint64_t p99 = 0;
    };
    using tell = std::function<void(const progress &)>;

    struct place {
        std::string path_and_query; // with the token, and without the session id
        std::string host_field;
        std::string origin; // for people
        std::string host;
        std::uint16_t port = 0;
        bool tls = false;
    };

    // Throws std::runtime_error: there is no such host, no such certificate.
    bench_run(const bench_options &options, const place &server, tell to);
    ~bench_run() override;
    bench_run(const bench_run &) = delete;
    bench_run &operator=(const bench_run &) = delete;

    bench_loop &loop() noexcept { return loop_; }

    // Ends the measurement early; what was measured counts.
    void interrupt() noexcept;

    // Once.
    std::unique_ptr<bench_result> run();

  private:
    void on_open(bench_session &session) override;
    void on_answer(bench_session &session, std::uint64_t due, std::uint64_t now) override;
    void on_heard(std::uint32_t number, std::uint64_t now) override;
    void on_end(bench_session &session) override;

    // run.cpp
    void connect_more();
    void forget_ended();
    void end_late_attempts();
    void close_all();
    void finish();

    // run_phases.cpp
    void advance();
    std::chrono::nanoseconds until_next() const;
    void enter(phase next);
    void begin_traffic();
    void send_due(std::uint64_t until);
    void send_broadcasts();
    void end_interval();
    void end_measurement();
    void count_late_answers();
    std::uint64_t unanswered() const noexcept;
    void tell_progress();
    bool is_sending() const noexcept { return phase_ == phase::warming_up || phase_ == phase::measuring; }
    bool sends_messages() const noexcept {
        return options_.mode == bench_mode::echo || options_.mode == bench_mode::ack ||
               options_.mode == bench_mode::broadcast;
    }

    bench_options options_;
    tell tell_;
    bench_loop loop_;
    bench_target target_;
    std::unique_ptr<bench_tls> tls_;
    bench_message message_;
    std::unique_ptr<bench_result> result_;
    bench_broadcast broadcast_;
    bench_shared shared_;
    std::vector<std::unique_ptr<bench_session>> sessions_;
    std::vector<bench_session *> ended_; // to be destroyed once nothing of theirs runs
    std::uint64_t started_ = 0;          // how many attempts to connect
    std::uint64_t opening_ = 0;          // of them, neither let in nor over
    std::uint64_t open_ = 0;

    phase phase_ = phase::connecting;
    std::uint64_t began_ = 0;     // the phase
    std::uint64_t phase_end_ = 0; // when it is over at the latest
    bool interrupted_ = false;
    bench_histogram interval_;
    std::uint64_t interval_begin_ = 0;
    std::uint64_t last_look_ = 0; // for attempts that take too long
    std::uint64_t last_told_ = 0;
    double period_ns_ = 0; // of an open loop
    std::uint64_t first_due_ = 0;
    std::uint64_t measured_from_ = UINT64_MAX;
    std::uint64_t measured_until_ = 0;
    std::uint64_t sent_ = 0;           // of an open loop
    bench_session *speaker_ = nullptr; // of a broadcast
    std::uint32_t broadcasts_due_ = 0;
    std::size_t turn_ = 0;
    std::uint64_t own_begin_ns_ = 0;
    std::optional<process_figures> server_before_;
    std::optional<process_figures> server_connected_;
    std::optional<process_figures> server_begin_;
    std::optional<process_figures> server_end_;
};

} // namespace cryo_tool
