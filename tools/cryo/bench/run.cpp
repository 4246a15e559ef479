#include "bench/run.h"

#include "random.h"

#include <algorithm>

namespace cryo_tool {
namespace {

// As many bytes as a read takes: all that 128 KiB of messages give rise to, and more.
constexpr std::size_t input_size = 256 * 1024;

std::uint64_t random_seed() {
    std::array<std::uint8_t, sizeof(std::uint64_t)> seed;
    fill_random(seed);
    return cryo_core::load_be<std::uint64_t>(seed.data());
}

} // namespace

bench_run::bench_run(const bench_options &options, const place &server, tell to)
    : options_(options), tell_(std::move(to)), target_(server.host, server.port),
      tls_(server.tls ? std::make_unique<bench_tls>(server.host, options.ca) : nullptr),
      message_(options.size, options.binary), result_(std::make_unique<bench_result>()),
      broadcast_(options.outstanding),
      shared_{.loop = loop_,
              .owner = *this,
              .target = target_,
              .tls = tls_.get(),
              .message = message_,
              .faults = result_->faults,
              .request_begin = "GET " + server.path_and_query + "&x-cryo-sid=",
              .request_end = " HTTP/1.1\r\nHost: " + server.host_field +
                             "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ",
              .cale = options.cale,
              .echoes = options.mode == bench_mode::echo,
              .broadcast = options.mode == bench_mode::broadcast ? &broadcast_ : nullptr,
              .outstanding = options.outstanding,
              .keys = bench_masks(random_seed()),
              .key_pair = options.cale ? cryo_core::cale::crypto::chosen().make_key_pair() : nullptr,
              .input = std::vector<std::uint8_t>(input_size),
              .output = {}} {
    if (options_.rate > 0) period_ns_ = 1e9 / options_.rate;
}

bench_run::~bench_run() = default;

void bench_run::interrupt() noexcept {
    interrupted_ = true;
}

std::unique_ptr<bench_result> bench_run::run() {
    if (options_.server_pid != 0) server_before_ = figures_of(options_.server_pid);
    enter(phase::connecting);
    while (phase_ != phase::over) {
        connect_more();
        if (is_sending() && period_ns_ > 0) send_due(bench_now());
        loop_.run(until_next());
        send_broadcasts();
        end_late_attempts();
        forget_ended();
        advance();
    }
    finish();
    return std::move(result_);
}

// -------- connections

void bench_run::connect_more() {
    const bool again = options_.mode == bench_mode::connect && is_sending();
    if (phase_ != phase::connecting && !again) return;
    while (opening_ < options_.connecting && sessions_.size() < options_.connections &&
           (again || started_ < options_.connections)) {
        const auto salt = static_cast<std::uint32_t>(started_++ * 0x9e3779b1u);
        sessions_.push_back(std::make_unique<bench_session>(shared_, salt));
        ++opening_;
        if (!sessions_.back()->has_begun()) return;
    }
}

void bench_run::on_open(bench_session &session) {
    --opening_;
    ++open_;
    ++result_->connected;
    const std::uint64_t now = bench_now();
    result_->connect_latency.record(now - session.began());
    if (options_.mode != bench_mode::connect) return;
    if (phase_ == phase::measuring) interval_.record(now - session.began());
    session.close();
}

void bench_run::on_answer(bench_session &session, std::uint64_t due, std::uint64_t now) {
    // In an open loop all that was due within the measurement counts, however late its answer comes.
    const bool is_open_loop = period_ns_ > 0;
    const bool counts =
        is_open_loop ? due >= measured_from_ && due < measured_until_ : phase_ == phase::measuring;
    if (counts) interval_.record(now > due ? now - due : 0);
    if (is_sending() && !is_open_loop) session.send(now);
}

// The next message leaves when the session that was heard is done: its answer has the output now.
void bench_run::on_heard(std::uint32_t number, std::uint64_t now) {
    const std::uint64_t due = broadcast_.due(number);
    if (phase_ == phase::measuring) interval_.record(now > due ? now - due : 0);
    if (broadcast_.heard(number)) ++broadcasts_due_;
}

void bench_run::on_end(bench_session &session) {
    if (&session == speaker_) speaker_ = nullptr;
    if (phase_ != phase::closing) { // then they are counted already
        result_->faults.unanswered += session.unanswered();
    }
    ended_.push_back(&session);
}

void bench_run::forget_ended() {
    if (ended_.empty()) return;
    for (bench_session *const each : ended_) {
        const auto found = std::find_if(sessions_.begin(), sessions_.end(),
                                        [each](const auto &session) { return session.get() == each; });
        if (found == sessions_.end()) continue;
        if (each->was_open())
            --open_;
        else
            --opening_;
        std::swap(*found, sessions_.back());
        sessions_.pop_back();
    }
    ended_.clear();
}

void bench_run::end_late_attempts() {
    constexpr std::uint64_t between = 100'000'000;
    const std::uint64_t now = bench_now();
    if (opening_ == 0 || now - last_look_ < between) return;
    last_look_ = now;
    const std::uint64_t patience = options_.timeout_ms * std::uint64_t{1'000'000};
    for (const auto &session : sessions_) {
        if (!session->was_open() && !session->has_ended() && now - session->began() > patience)
            session->give_up();
    }
}

void bench_run::close_all() {
    for (const auto &session : sessions_) {
        session->close();
        session->flush();
    }
}

void bench_run::finish() {
    bench_result &result = *result_;
    result.interrupted = interrupted_;
    result.checked_acks = shared_.checked_acks;
    result.checked_echoes = shared_.checked_echoes;
    result.messages = result.latency.count();
    result.payload_bytes = sends_messages() ? result.messages * message_.size() : 0;
    if (options_.mode == bench_mode::connect) {
        result.connected = result.messages;
        result.connecting_s = result.measured_s;
    }
    if (!server_before_ || !server_connected_ || !server_begin_ || !server_end_) return;
    result.server = bench_process{.cpu_ns = server_end_->cpu_ns - server_begin_->cpu_ns,
                                  .resident_before = server_before_->resident,
                                  .resident_after = server_connected_->resident,
                                  .resident_peak = server_end_->resident_peak};
}

} // namespace cryo_tool
