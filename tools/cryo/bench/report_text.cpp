#include "bench/report.h"

#include <array>
#include <cstdio>

namespace cryo_tool {
namespace {

struct unit {
    double factor;
    const char *name;
};

// Three decimals that count.
template <std::size_t Count>
std::string scaled(double value, const std::array<unit, Count> &units) {
    const unit *best = &units.front();
    for (const unit &each : units) {
        if (value >= each.factor) best = &each;
    }
    const double shown = value / best->factor;
    const int decimals = shown >= 99.95 || best->factor == 1 ? 0 : shown >= 9.995 ? 1 : 2;
    std::array<char, 64> text;
    std::snprintf(text.data(), text.size(), "%.*f%s", decimals, shown, best->name);
    return text.data();
}

void line(std::string &to, std::string name, const std::string &value) {
    constexpr std::size_t column_width = 12;
    name.resize(std::max(name.size() + 1, column_width), ' ');
    if (!to.empty()) to += '\n';
    to += "  " + name + value;
}

std::string errors_text(const bench_faults &faults) {
    if (faults.all() == 0) return "none";
    std::string text;
    const auto add = [&text](std::uint64_t count, const char *what) {
        if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + what;
    };
    add(faults.wrong_acks, "wrong ACKs");
    add(faults.wrong_echoes, "wrong echoes");
    add(faults.unanswered, "messages without an answer");
    add(faults.protocol, "protocol errors");
    add(faults.lost, "lost connections");
    add(faults.refused, "refused connections");
    add(faults.unconnected, "failed connections");
    for (const std::string &words : faults.words)
        text += "\n                " + words;
    return text;
}

std::string latency_text(const bench_histogram &of) {
    std::string text;
    for (const bench_percentile &each : bench_percentiles)
        text +=
            std::string(each.name) + " " + duration_text(static_cast<double>(of.value_at(each.share))) + "  ";
    return text + "max " + duration_text(static_cast<double>(of.max())) + "  mean " +
           duration_text(of.mean());
}

} // namespace

std::string duration_text(double ns) {
    return scaled(ns, std::array<unit, 4>{{{1, " ns"}, {1e3, " µs"}, {1e6, " ms"}, {1e9, " s"}}});
}

std::string number_text(double value) {
    return scaled(value, std::array<unit, 4>{{{1, ""}, {1e3, " k"}, {1e6, " M"}, {1e9, " G"}}});
}

std::string load_text(const bench_options &options) {
    std::string text = std::to_string(options.connections) + " connections";
    if (options.mode == bench_mode::connect) text += " at a time";
    if (options.threads > 1) text += " on " + std::to_string(options.threads) + " threads";
    if (options.mode == bench_mode::connect) return text + ", closed as soon as they are let in";
    if (options.mode == bench_mode::idle) return text + " that say nothing";
    text += options.rate > 0 ? ", " + number_text(options.rate) + " messages/s in all"
                             : ", " + std::to_string(options.outstanding) + " outstanding each";
    text += ", " + std::to_string(options.size) + (options.binary ? " bytes" : " bytes of text");
    if (options.cale) text += ", CALE";
    return text;
}

std::string report_text(const bench_options &options, const std::string &server, const bench_result &result) {
    const bool connects = options.mode == bench_mode::connect;
    const bool talks = options.mode == bench_mode::echo || options.mode == bench_mode::ack;
    std::string text = server + ": " + load_text(options);
    if (result.interrupted) text += " (interrupted)";
    if (!connects)
        line(text, "connected",
             std::to_string(result.connected) + " in " + duration_text(result.connecting_s * 1e9) + ": " +
                 number_text(result.connect_rate()) + "/s");
    if (result.latency.count() > 0)
        line(text, connects ? "connections" : "messages",
             std::to_string(result.messages) + " in " + duration_text(result.measured_s * 1e9) + ": " +
                 number_text(result.rate()) + "/s" +
                 (talks ? ", " + number_text(result.bytes_rate()) + "B/s each way" : ""));
    if (options.tls_resume)
        line(text, "resumed", std::to_string(result.resumed) + " TLS sessions of connections before");
    if (result.latency.count() > 0) line(text, "latency", latency_text(result.latency));
    if (!connects && result.connect_latency.count() > 0)
        line(text, "connecting", latency_text(result.connect_latency));
    if (const std::optional<double> cpu = result.value_of(bench_metric::cpu))
        line(text, "server",
             duration_text(*cpu) + " of CPU time for each " + (connects ? "connection" : "message"));
    if (result.server && !connects && result.connected > 0)
        line(text, "memory",
             number_text((static_cast<double>(result.server->resident_after) -
                          static_cast<double>(result.server->resident_before)) /
                         static_cast<double>(result.connected)) +
                 "B resident for a session");
    if (result.messages > 0 && options.rate == 0) {
        const double own = static_cast<double>(result.own_cpu_ns) / static_cast<double>(result.messages);
        std::string load =
            duration_text(own) + " of CPU time for each " + (connects ? "connection" : "message");
        if (result.own_load() > 0.9)
            load += std::string(result.threads > 1 ? ": its cores were" : ": its core was") +
                    " full, so the server may be capable of more";
        line(text, "generator", load);
    }
    line(text, "errors", errors_text(result.faults));
    return text;
}

} // namespace cryo_tool
