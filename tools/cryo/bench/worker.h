// One thread of a run of the load generator, with its share of the connections, from the first of them to the
// last farewell.
#pragma once

#include "bench/meeting.h"
#include "bench/options.h"
#include "bench/session.h"

#include <functional>
#include <memory>
#include <vector>

namespace cryo_tool {

// Whom the threads of a run connect to.
struct bench_server {
    bench_target target;
    std::unique_ptr<bench_tls> tls; // null: none
    std::string request_begin;      // the target of the upgrade, up to the session id
    std::string request_end;        // what follows the key
};

enum class bench_phase : std::uint8_t { connecting, warming_up, measuring, draining, closing, over };

// What a person is told while it runs.
struct bench_progress {
    bench_phase now = bench_phase::connecting;
    std::uint64_t connections = 0;
    double measured_s = 0;
    double rate = 0; // since the last one
    std::uint64_t p99 = 0;
};
using bench_tell = std::function<void(const bench_progress &)>;

class bench_worker final : private bench_owner {
  public:
    // Which one of how many. The first one reads the meter, and tells of all of them.
    struct place {
        std::uint32_t index = 0;
        std::uint32_t of = 1;
        bench_tell tell;
    };

    // The options are those of the run.
    bench_worker(const bench_options &options, const bench_server &server, bench_meeting &meeting, place in);
    ~bench_worker() override;
    bench_worker(const bench_worker &) = delete;
    bench_worker &operator=(const bench_worker &) = delete;

    bench_loop &loop() noexcept { return loop_; }

    // Once. Latencies go to the meeting's timeline as they come.
    std::unique_ptr<bench_result> run();

  private:
    using phase = bench_phase;

    void on_open(bench_session &session) override;
    void on_answer(bench_session &session, std::uint64_t due, std::uint64_t now) override;
    void on_heard(std::uint32_t number, std::uint64_t now) override;
    void on_end(bench_session &session) override;

    // worker.cpp
    void connect_more();
    void forget_ended();
    void end_late_attempts();
    void close_all();

    // worker_phases.cpp
    void advance();
    std::chrono::nanoseconds until_next() const;
    void enter(phase next);
    void arrive(std::uint64_t now);
    void wait_for_all(std::uint64_t now);
    void begin_traffic();
    void send_due(std::uint64_t until);
    void send_broadcasts();
    void end_interval();
    void end_measurement();
    void tell_progress();
    std::uint64_t unanswered() const noexcept;
    bool is_first() const noexcept { return place_.index == 0; }
    bool is_sending() const noexcept { return phase_ == phase::warming_up || phase_ == phase::measuring; }

    const bench_options options_; // of its share
    const place place_;
    bench_meeting &meeting_;
    bench_loop loop_;
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
    bool arrived_ = false;
    bench_histogram interval_;
    std::uint64_t interval_begin_ = 0;
    std::size_t interval_number_ = 0;
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
};

} // namespace cryo_tool
