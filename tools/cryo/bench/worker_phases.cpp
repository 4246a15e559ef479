// What a thread of the load generator does when.
#include "bench/worker.h"

#include <algorithm>
#include <utility>

namespace cryo_tool {
namespace {

constexpr std::uint64_t second = 1'000'000'000;
constexpr std::uint64_t drain_patience = 5 * second; // for the last answers
constexpr std::uint64_t close_patience = 3 * second; // for the server's half of each close
constexpr std::uint64_t most_intervals = 120;        // more cannot be seen in a plot
constexpr std::uint64_t shortest_interval = second / 10;

std::uint64_t to_ns(double seconds) noexcept {
    return static_cast<std::uint64_t>(seconds * static_cast<double>(second));
}

double to_s(std::uint64_t ns) noexcept {
    return static_cast<double>(ns) / static_cast<double>(second);
}

} // namespace

void bench_worker::enter(phase next) {
    const std::uint64_t due = phase_end_; // when the phase before should have ended
    phase_ = next;
    began_ = bench_now();
    phase_end_ = UINT64_MAX;
    switch (next) {
    case phase::connecting:
        break;
    case phase::warming_up:
        began_ = meeting_.start();
        phase_end_ = began_ + to_ns(options_.warmup_s);
        begin_traffic();
        break;
    case phase::measuring:
        if (period_ns_ > 0) began_ = due; // the messages have their times, whenever this loop comes to them
        interval_begin_ = measured_from_ = began_;
        measured_until_ = phase_end_ = began_ + to_ns(options_.duration_s);
        if (is_first()) meeting_.meter.begin();
        break;
    case phase::draining:
        phase_end_ = began_ + drain_patience;
        break;
    case phase::closing:
        arrive(began_);                        // who gives up keeps nobody waiting
        meeting_.timeline.add_late(interval_); // of an open loop, behind its end
        result_->faults.unanswered += unanswered();
        phase_end_ = began_ + close_patience;
        close_all();
        break;
    case phase::over:
        break;
    }
}

void bench_worker::begin_traffic() {
    // The threads of an open loop take turns.
    first_due_ = began_ + static_cast<std::uint64_t>(period_ns_ * place_.index / place_.of);
    if (!sends_messages(options_.mode) || period_ns_ > 0 || sessions_.empty()) return;
    if (options_.mode == bench_mode::broadcast) {
        speaker_ = sessions_.front().get();
        broadcast_.begin(speaker_->salt(), speaker_->next_number(), sessions_.size() - 1);
        broadcasts_due_ = options_.outstanding;
        return send_broadcasts();
    }
    for (const auto &session : sessions_) {
        for (std::uint32_t i = 0; i < options_.outstanding; ++i)
            session->send(bench_now());
        session->flush();
    }
}

void bench_worker::send_broadcasts() {
    if (broadcasts_due_ == 0 || speaker_ == nullptr || !speaker_->is_open() || !is_sending()) return;
    for (; broadcasts_due_ > 0; --broadcasts_due_) {
        const std::uint64_t now = bench_now();
        broadcast_.sent(now);
        speaker_->send(now);
    }
    speaker_->flush();
    forget_ended();
}

// The messages of an open loop leave at times that were settled before, whatever has become of those before
// them, and in turn on all sessions.
void bench_worker::send_due(std::uint64_t until) {
    for (;;) {
        const std::uint64_t due =
            first_due_ + static_cast<std::uint64_t>(static_cast<double>(sent_) * period_ns_);
        if (due > until || open_ == 0) return;
        do {
            turn_ = (turn_ + 1) % sessions_.size();
        } while (!sessions_[turn_]->is_open());
        bench_session &session = *sessions_[turn_];
        session.send(due);
        ++sent_;
        session.flush();
        forget_ended();
    }
}

std::chrono::nanoseconds bench_worker::until_next() const {
    constexpr std::uint64_t often = 50'000'000; // so that what has no event of its own is seen
    const std::uint64_t now = bench_now();
    std::uint64_t next = std::min(phase_end_, now + often);
    if (phase_ == phase::connecting) next = std::min(next, meeting_.start());
    if (is_sending() && period_ns_ > 0)
        next =
            std::min(next, first_due_ + static_cast<std::uint64_t>(static_cast<double>(sent_) * period_ns_));
    return std::chrono::nanoseconds(next > now ? next - now : 0);
}

void bench_worker::advance() {
    const std::uint64_t now = bench_now();
    const bool interrupted = meeting_.interrupted();
    const bool late = now >= phase_end_ || interrupted;
    constexpr std::uint64_t between = second / 4;
    if (phase_ != phase::measuring && now - last_told_ > between) {
        last_told_ = now;
        tell_progress();
    }
    const bool hopeless = result_->connected == 0 && result_->faults.all() > 0;
    if (hopeless && phase_ < phase::closing) return enter(phase::closing);
    switch (phase_) {
    case phase::connecting:
        if (interrupted) return enter(phase::closing);
        return wait_for_all(now);
    case phase::warming_up:
        if (late) enter(interrupted ? phase::draining : phase::measuring);
        break;
    case phase::measuring: {
        const std::uint64_t length = std::max(shortest_interval, to_ns(options_.duration_s) / most_intervals);
        if (late || now >= measured_from_ + (interval_number_ + 1) * length) end_interval();
        const bool nobody = open_ == 0 && options_.mode != bench_mode::connect;
        if (late || nobody) end_measurement();
        break;
    }
    case phase::draining:
        if (late || unanswered() == 0) enter(phase::closing);
        break;
    case phase::closing:
        if (sessions_.empty() || late) enter(phase::over);
        break;
    case phase::over:
        break;
    }
}

void bench_worker::arrive(std::uint64_t now) {
    if (std::exchange(arrived_, true)) return;
    result_->connecting_s = to_s(now - began_);
    meeting_.arrive(now);
}

void bench_worker::wait_for_all(std::uint64_t now) {
    const bool there =
        options_.mode == bench_mode::connect || (started_ == options_.connections && opening_ == 0);
    if (there) arrive(now);
    if (now >= meeting_.start()) enter(phase::warming_up);
}

std::uint64_t bench_worker::unanswered() const noexcept {
    std::uint64_t count = broadcast_.missing();
    for (const auto &session : sessions_)
        count += session->unanswered();
    return count;
}

void bench_worker::end_interval() {
    const std::uint64_t now = bench_now();
    meeting_.timeline.add(interval_number_++, to_s(interval_begin_ - began_), to_s(now - interval_begin_),
                          interval_);
    interval_ = bench_histogram();
    interval_begin_ = now;
    tell_progress();
}

void bench_worker::end_measurement() {
    const std::uint64_t now = bench_now();
    measured_until_ = std::min(measured_until_, now);
    if (period_ns_ > 0) send_due(measured_until_); // what this loop was too late for is due all the same
    result_->measured_s = to_s(now - began_);
    if (is_first()) {
        meeting_.meter.end();
        if (options_.mode == bench_mode::idle) meeting_.meter.connected();
    }
    enter(phase::draining);
}

void bench_worker::tell_progress() {
    if (!place_.tell) return;
    const bench_interval last = meeting_.timeline.latest();
    place_.tell({.now = phase_,
                 .connections = meeting_.open,
                 .measured_s = last.begin_s + last.length_s,
                 .rate = last.length_s > 0 ? static_cast<double>(last.messages) / last.length_s : 0,
                 .p99 = last.p99});
}

} // namespace cryo_tool
