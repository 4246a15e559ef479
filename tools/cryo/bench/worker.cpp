#include "bench/worker.h"

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

// A thread's part of all that is shared out.
bench_options share_of(bench_options all, const bench_worker::place &place) {
    const auto part = [&place](std::uint32_t whole) {
        return whole / place.of + (place.index < whole % place.of ? 1 : 0);
    };
    const std::uint32_t connections = part(all.connections);
    all.rate *= static_cast<double>(connections) / static_cast<double>(all.connections);
    all.connections = connections;
    all.connecting = std::max(1u, part(all.connecting));
    return all;
}

} // namespace

bench_worker::bench_worker(const bench_options &options, const bench_server &server, bench_meeting &meeting,
                           place in)
    : options_(share_of(options, in)), place_(std::move(in)), meeting_(meeting),
      message_(options_.size, options_.binary), result_(std::make_unique<bench_result>()),
      broadcast_(options_.outstanding),
      shared_{.loop = loop_,
              .owner = *this,
              .target = server.target,
              .tls = server.tls.get(),
              .message = message_,
              .faults = result_->faults,
              .request_begin = server.request_begin,
              .request_end = server.request_end,
              .cale = options_.cale,
              .echoes = options_.mode == bench_mode::echo,
              .broadcast = options_.mode == bench_mode::broadcast ? &broadcast_ : nullptr,
              .outstanding = options_.outstanding,
              .keys = bench_masks(random_seed()),
              .key_pair = options_.cale ? cryo_core::cale::crypto::chosen().make_key_pair() : nullptr,
              .input = std::vector<std::uint8_t>(input_size),
              .output = {}} {
    if (options_.rate > 0) period_ns_ = 1e9 / options_.rate;
}

bench_worker::~bench_worker() = default;

std::unique_ptr<bench_result> bench_worker::run() {
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
    result_->checked_acks = shared_.checked_acks;
    result_->checked_echoes = shared_.checked_echoes;
    return std::move(result_);
}

// -------- connections

void bench_worker::connect_more() {
    const bool again = options_.mode == bench_mode::connect && is_sending();
    if (phase_ != phase::connecting && !again) return;
    while (opening_ < options_.connecting && sessions_.size() < options_.connections &&
           (again || started_ < options_.connections)) {
        const std::uint64_t number = started_++ * place_.of + place_.index; // among those of all threads
        const auto salt = static_cast<std::uint32_t>(number * 0x9e3779b1u);
        sessions_.push_back(std::make_unique<bench_session>(shared_, salt));
        ++opening_;
        if (!sessions_.back()->has_begun()) return;
    }
}

void bench_worker::on_open(bench_session &session) {
    --opening_;
    ++open_;
    ++meeting_.open;
    ++result_->connected;
    if (options_.mode != bench_mode::connect || phase_ == phase::measuring)
        result_->resumed += session.is_resumed() ? 1 : 0;
    const std::uint64_t now = bench_now();
    result_->connect_latency.record(now - session.began());
    if (options_.mode != bench_mode::connect) return;
    if (phase_ == phase::measuring) interval_.record(now - session.began());
    session.close();
}

void bench_worker::on_answer(bench_session &session, std::uint64_t due, std::uint64_t now) {
    // In an open loop all that was due within the measurement counts, however late its answer comes.
    const bool is_open_loop = period_ns_ > 0;
    const bool counts =
        is_open_loop ? due >= measured_from_ && due < measured_until_ : phase_ == phase::measuring;
    if (counts) interval_.record(now > due ? now - due : 0);
    if (is_sending() && !is_open_loop) session.send(now);
}

// The next message leaves when the session that was heard is done: its answer has the output now.
void bench_worker::on_heard(std::uint32_t number, std::uint64_t now) {
    const std::uint64_t due = broadcast_.due(number);
    if (phase_ == phase::measuring) interval_.record(now > due ? now - due : 0);
    if (broadcast_.heard(number)) ++broadcasts_due_;
}

void bench_worker::on_end(bench_session &session) {
    if (&session == speaker_) speaker_ = nullptr;
    if (phase_ != phase::closing) { // then they are counted already
        result_->faults.unanswered += session.unanswered();
    }
    ended_.push_back(&session);
}

void bench_worker::forget_ended() {
    if (ended_.empty()) return;
    for (bench_session *const each : ended_) {
        const auto found = std::find_if(sessions_.begin(), sessions_.end(),
                                        [each](const auto &session) { return session.get() == each; });
        if (found == sessions_.end()) continue;
        if (each->was_open()) {
            --open_;
            --meeting_.open;
        } else {
            --opening_;
        }
        std::swap(*found, sessions_.back());
        sessions_.pop_back();
    }
    ended_.clear();
}

void bench_worker::end_late_attempts() {
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

void bench_worker::close_all() {
    for (const auto &session : sessions_) {
        session->close();
        session->flush();
    }
}

} // namespace cryo_tool
