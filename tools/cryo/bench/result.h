// What a run of `cryo bench` has measured.
#pragma once

#include "bench/condition.h"
#include "bench/histogram.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cryo_tool {

// What went wrong, by kind, and the first few in words.
struct bench_faults {
    static constexpr std::size_t most_words = 5;

    std::uint64_t wrong_acks = 0;   // not the number whose turn it was
    std::uint64_t wrong_echoes = 0; // not what was sent, or out of turn
    std::uint64_t unanswered = 0;   // no ACK, or no echo, when the time was over
    std::uint64_t protocol = 0;     // what is no frame of the session
    std::uint64_t lost = 0;         // connections that ended before their time
    std::uint64_t refused = 0;      // answered, but not with a 101
    std::uint64_t unconnected = 0;  // no answer to the attempt
    std::vector<std::string> words;

    std::uint64_t all() const noexcept {
        return wrong_acks + wrong_echoes + unanswered + protocol + lost + refused + unconnected;
    }
    void tell(std::string text) {
        if (words.size() < most_words) words.push_back(std::move(text));
    }
    void add(const bench_faults &others);
};

// One piece of the time of measurement.
struct bench_interval {
    double begin_s = 0; // since the beginning of the measurement
    double length_s = 0;
    std::uint64_t messages = 0; // in mode connect: connections
    std::uint64_t p50 = 0;
    std::uint64_t p99 = 0;
    std::uint64_t max = 0;
};

// What the system says of the server's process.
struct bench_process {
    std::uint64_t cpu_ns = 0; // of the measurement
    std::uint64_t resident_before = 0;
    std::uint64_t resident_after = 0; // with all connections, before the first message
    std::uint64_t resident_peak = 0;  // of the server's whole life, up to the end of the measurement
};

struct bench_result {
    bool interrupted = false;
    std::uint64_t connected = 0; // over the whole run
    std::uint64_t resumed = 0;   // of these, with the TLS session of an earlier one
    double connecting_s = 0;     // until all were there; in mode connect: the measurement
    std::uint64_t messages = 0;  // answered within the measurement; in mode connect: connections
    double measured_s = 0;
    std::uint64_t payload_bytes = 0; // one way
    std::uint64_t checked_acks = 0;  // over the whole run, warm-up included
    std::uint64_t checked_echoes = 0;
    bench_histogram latency;         // in mode connect: of a connection, up to its being let in
    bench_histogram connect_latency; // up to its being let in
    std::vector<bench_interval> intervals;
    bench_faults faults;
    std::uint32_t threads = 1;    // the generator's
    std::uint64_t own_cpu_ns = 0; // the generator's, of the measurement
    std::optional<bench_process> server;

    double rate() const noexcept { return measured_s > 0 ? static_cast<double>(messages) / measured_s : 0; }
    double bytes_rate() const noexcept {
        return measured_s > 0 ? static_cast<double>(payload_bytes) / measured_s : 0;
    }
    double connect_rate() const noexcept {
        return connecting_s > 0 ? static_cast<double>(connected) / connecting_s : 0;
    }
    // How much of the measurement the generator was busy; near 1 it, and not the server, may be what is
    // measured.
    double own_load() const noexcept {
        return measured_s > 0 ? static_cast<double>(own_cpu_ns) / 1e9 / measured_s / threads : 0;
    }
    // Latencies and CPU time in nanoseconds. nullopt: it was not measured.
    std::optional<double> value_of(bench_metric metric) const noexcept;

    // What another thread has counted in the same time.
    void add(const bench_result &other);
};

// Which percentiles are told of, and how they are called.
struct bench_percentile {
    const char *name;
    double share;
};
constexpr std::array<bench_percentile, 4> bench_percentiles{
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}}};

} // namespace cryo_tool
