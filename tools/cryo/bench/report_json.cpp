#include "bench/report.h"

namespace cryo_tool {
namespace {

using json = nlohmann::ordered_json;

double in_us(std::uint64_t ns) noexcept {
    return static_cast<double>(ns) / 1e3;
}

json latency_json(const bench_histogram &of) {
    json object{{"count", of.count()}, {"min", in_us(of.min())}, {"mean", of.mean() / 1e3}};
    for (const bench_percentile &each : bench_percentiles)
        object[each.name] = in_us(of.value_at(each.share));
    object["max"] = in_us(of.max());
    return object;
}

json load_json(const bench_options &options) {
    return {{"mode", name_of(options.mode)},
            {"connections", options.connections},
            {"threads", options.threads},
            {"outstanding", options.rate > 0 ? json() : json(options.outstanding)},
            {"rate", options.rate > 0 ? json(options.rate) : json()},
            {"size", options.size},
            {"binary", options.binary},
            {"cale", options.cale},
            {"duration_s", options.duration_s},
            {"warm_up_s", options.warmup_s}};
}

json faults_json(const bench_faults &faults) {
    return {{"all", faults.all()},
            {"wrong_acks", faults.wrong_acks},
            {"wrong_echoes", faults.wrong_echoes},
            {"unanswered", faults.unanswered},
            {"protocol", faults.protocol},
            {"lost", faults.lost},
            {"refused", faults.refused},
            {"unconnected", faults.unconnected},
            {"words", faults.words}};
}

json intervals_json(const std::vector<bench_interval> &intervals) {
    json list = json::array();
    for (const bench_interval &each : intervals)
        list.push_back({{"begin_s", each.begin_s},
                        {"length_s", each.length_s},
                        {"messages", each.messages},
                        {"p50_us", in_us(each.p50)},
                        {"p99_us", in_us(each.p99)},
                        {"max_us", in_us(each.max)}});
    return list;
}

json server_json(const bench_result &result) {
    if (!result.server) return nullptr;
    const bench_process &of = *result.server;
    return {{"cpu_s", static_cast<double>(of.cpu_ns) / 1e9},
            {"cpu_us_per_message",
             result.messages == 0 ? json() : json(in_us(of.cpu_ns) / static_cast<double>(result.messages))},
            {"resident_before", of.resident_before},
            {"resident_connected", of.resident_after},
            {"resident_peak", of.resident_peak}};
}

} // namespace

json report_json(const bench_options &options, const std::string &server, const bench_result &result) {
    json failed = json::array();
    for (const bench_condition &each : options.fail_if) {
        if (each.holds(result)) failed.push_back(each.text);
    }
    return {
        {"server", server},
        {"load", load_json(options)},
        {"interrupted", result.interrupted},
        {"connected", result.connected},
        {"resumed", result.resumed},
        {"connecting_s", result.connecting_s},
        {"connect_rate", result.connect_rate()},
        {"messages", result.messages},
        {"measured_s", result.measured_s},
        {"rate", result.rate()},
        {"bytes_rate", result.bytes_rate()},
        {"latency_us", latency_json(result.latency)},
        {"connect_latency_us", latency_json(result.connect_latency)},
        {"checked", {{"acks", result.checked_acks}, {"echoes", result.checked_echoes}}},
        {"errors", faults_json(result.faults)},
        {"process", server_json(result)},
        {"generator", {{"cpu_s", static_cast<double>(result.own_cpu_ns) / 1e9}, {"load", result.own_load()}}},
        {"intervals", intervals_json(result.intervals)},
        {"failed_if", failed}};
}

} // namespace cryo_tool
