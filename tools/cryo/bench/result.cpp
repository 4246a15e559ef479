#include "bench/result.h"

#include <algorithm>

namespace cryo_tool {

void bench_faults::add(const bench_faults &others) {
    wrong_acks += others.wrong_acks;
    wrong_echoes += others.wrong_echoes;
    unanswered += others.unanswered;
    protocol += others.protocol;
    lost += others.lost;
    refused += others.refused;
    unconnected += others.unconnected;
    for (const std::string &each : others.words)
        tell(each);
}

void bench_result::add(const bench_result &other) {
    connected += other.connected;
    resumed += other.resumed;
    connecting_s = std::max(connecting_s, other.connecting_s);
    measured_s = std::max(measured_s, other.measured_s);
    checked_acks += other.checked_acks;
    checked_echoes += other.checked_echoes;
    connect_latency.add(other.connect_latency);
    faults.add(other.faults);
}

std::optional<double> bench_result::value_of(bench_metric metric) const noexcept {
    const auto latency_at = [this](double share) -> std::optional<double> {
        if (latency.count() == 0) return std::nullopt;
        return static_cast<double>(latency.value_at(share));
    };
    switch (metric) {
    case bench_metric::p50:
        return latency_at(0.5);
    case bench_metric::p90:
        return latency_at(0.9);
    case bench_metric::p99:
        return latency_at(0.99);
    case bench_metric::p999:
        return latency_at(0.999);
    case bench_metric::max:
        return latency_at(1);
    case bench_metric::mean:
        return latency.count() == 0 ? std::nullopt : std::optional(latency.mean());
    case bench_metric::rate:
        return rate();
    case bench_metric::bytes:
        return bytes_rate();
    case bench_metric::connect_rate:
        return connect_rate();
    case bench_metric::errors:
        return static_cast<double>(faults.all());
    case bench_metric::cpu:
        if (!server || messages == 0) return std::nullopt;
        return static_cast<double>(server->cpu_ns) / static_cast<double>(messages);
    }
    return std::nullopt;
}

} // namespace cryo_tool
