#include "bench/plot.h"
#include "bench/report.h"

#include <cmath>

namespace cryo_tool {
namespace {

constexpr const char *style = R"(
:root { color-scheme: light dark; --text: #1d2126; --back: #fff; --grid: #d9dde2; --soft: #59636e;
        --line0: #0b62c4; --line1: #c2410c; --line2: #737c86; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e7eb; --back: #14171a; --grid: #343a41; --soft: #9aa4af;
        --line0: #62a8f5; --line1: #f08a4b; --line2: #8b949e; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); max-width: 760px;
       margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; } .load { color: var(--soft); }
table { border-collapse: collapse; margin: 1rem 0; } th, td { text-align: left; padding: .2rem 1.2rem .2rem 0; }
th { font-weight: normal; color: var(--soft); } td { font-variant-numeric: tabular-nums; }
svg { width: 100%; margin: 1rem 0; } svg text { font-size: 11px; fill: var(--soft); }
svg .title { font-size: 13px; fill: var(--text); } .grid { stroke: var(--grid); }
polyline { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
.line0 { stroke: var(--line0); } .line1 { stroke: var(--line1); } .line2 { stroke: var(--line2); }
svg .name0 { fill: var(--line0); } svg .name1 { fill: var(--line1); } svg .name2 { fill: var(--line2); }
.bad { color: var(--line1); }
)";

std::string row(const std::string &name, const std::string &value) {
    return "<tr><th>" + html_escaped(name) + "</th><td>" + html_escaped(value) + "</td></tr>\n";
}

std::string table(const bench_options &options, const bench_result &result) {
    const bool connects = options.mode == bench_mode::connect;
    const bench_histogram &latency = result.latency;
    std::string text = "<table>\n";
    text += row(connects ? "connections" : "messages", number_text(static_cast<double>(result.messages)) +
                                                           " in " + duration_text(result.measured_s * 1e9) +
                                                           ", " + number_text(result.rate()) + "/s");
    if (result.payload_bytes > 0) text += row("payload each way", number_text(result.bytes_rate()) + "B/s");
    for (const bench_percentile &each : bench_percentiles) {
        if (latency.count() > 0)
            text += row(each.name, duration_text(static_cast<double>(latency.value_at(each.share))));
    }
    if (latency.count() > 0) text += row("max", duration_text(static_cast<double>(latency.max())));
    if (!connects)
        text += row("connected",
                    std::to_string(result.connected) + ", " + number_text(result.connect_rate()) + "/s");
    if (const std::optional<double> cpu = result.value_of(bench_metric::cpu))
        text += row("CPU time of the server", duration_text(*cpu) + " each");
    text += row("errors", std::to_string(result.faults.all()));
    return text + "</table>\n";
}

std::string complaints(const bench_options &options, const bench_result &result) {
    std::string text;
    for (const std::string &words : result.faults.words)
        text += "<p class=\"bad\">" + html_escaped(words) + "</p>\n";
    for (const bench_condition &each : options.fail_if) {
        if (each.holds(result)) text += "<p class=\"bad\">" + html_escaped(each.text) + "</p>\n";
    }
    return text;
}

// By percentile, each nine with as much room as the one before.
bench_plot distribution(const bench_histogram &latency) {
    bench_plot plot{
        .title = "Latency by percentile",
        .x_name = "percentile",
        .lines = {{"latency", {}}},
        .x_marks = {{0, "0"}, {1, "90"}, {2, "99"}, {3, "99.9"}, {4, "99.99"}, {5, "99.999"}, {6, "99.9999"}},
        .y_is_logarithmic = true,
        .y_text = duration_text};
    std::vector<bench_plot::point> &points = plot.lines.front().points;
    if (latency.count() == 0) return plot;
    points.push_back({0, static_cast<double>(latency.min())});
    double seen = 0;
    const auto all = static_cast<double>(latency.count());
    latency.for_each([&](std::uint64_t value, std::uint64_t count) {
        seen += static_cast<double>(count);
        // The last one of all stands where the next nine would be half full.
        const double beyond = std::max(1 - seen / all, 0.5 / all);
        points.push_back({-std::log10(beyond), static_cast<double>(value)});
    });
    return plot;
}

bench_plot throughput(const bench_options &options, const bench_result &result) {
    bench_plot plot{.title =
                        options.mode == bench_mode::connect ? "Connections a second" : "Messages a second",
                    .x_name = "seconds",
                    .lines = {{"rate", {}}},
                    .x_marks = {},
                    .y_text = number_text};
    for (const bench_interval &each : result.intervals) {
        if (each.length_s <= 0) continue;
        plot.lines.front().points.push_back(
            {each.begin_s + each.length_s / 2, static_cast<double>(each.messages) / each.length_s});
    }
    return plot;
}

bench_plot latency_over_time(const bench_result &result) {
    bench_plot plot{.title = "Latency over time",
                    .x_name = "seconds",
                    .lines = {{"p50", {}}, {"p99", {}}, {"max", {}}},
                    .x_marks = {},
                    .y_is_logarithmic = true,
                    .y_text = duration_text};
    for (const bench_interval &each : result.intervals) {
        if (each.messages == 0) continue;
        const double middle = each.begin_s + each.length_s / 2;
        plot.lines[0].points.push_back({middle, static_cast<double>(each.p50)});
        plot.lines[1].points.push_back({middle, static_cast<double>(each.p99)});
        plot.lines[2].points.push_back({middle, static_cast<double>(each.max)});
    }
    return plot;
}

} // namespace

std::string report_html(const bench_options &options, const std::string &server, const bench_result &result) {
    const std::string title = "cryo bench " + server;
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
           html_escaped(title) + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n<h1>" +
           html_escaped(title) + "</h1>\n<p class=\"load\">" + html_escaped(load_text(options)) + "</p>\n" +
           complaints(options, result) + table(options, result) + distribution(result.latency).svg() +
           throughput(options, result).svg() + latency_over_time(result).svg() + "</body>\n</html>\n";
}

} // namespace cryo_tool
