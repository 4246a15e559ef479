#include "bench/condition.h"

#include "bench/result.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace cryo_tool {
namespace {

using comparison = bench_condition::comparison;

template <typename Value>
using names = std::pair<std::string_view, Value>;

constexpr std::array<names<bench_metric>, 11> metrics{{{"p50", bench_metric::p50},
                                                       {"p90", bench_metric::p90},
                                                       {"p99", bench_metric::p99},
                                                       {"p99.9", bench_metric::p999},
                                                       {"max", bench_metric::max},
                                                       {"mean", bench_metric::mean},
                                                       {"rate", bench_metric::rate},
                                                       {"bytes", bench_metric::bytes},
                                                       {"connect-rate", bench_metric::connect_rate},
                                                       {"errors", bench_metric::errors},
                                                       {"cpu", bench_metric::cpu}}};
// The longer ones first: they begin with the shorter ones.
constexpr std::array<names<comparison>, 4> comparisons{{{">=", comparison::at_least},
                                                        {"<=", comparison::at_most},
                                                        {">", comparison::above},
                                                        {"<", comparison::below}}};
constexpr std::array<names<double>, 4> times{{{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}}};
constexpr std::array<names<double>, 4> multiples{{{"", 1}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}}};

bool is_time(bench_metric metric) noexcept {
    switch (metric) {
    case bench_metric::p50:
    case bench_metric::p90:
    case bench_metric::p99:
    case bench_metric::p999:
    case bench_metric::max:
    case bench_metric::mean:
    case bench_metric::cpu:
        return true;
    default:
        return false;
    }
}

template <typename Table>
auto find(const Table &table, std::string_view name) noexcept {
    return std::find_if(table.begin(), table.end(), [&](const auto &entry) { return entry.first == name; });
}

std::string_view trimmed(std::string_view text) noexcept {
    const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(begin);
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

// A number and the unit behind it.
std::optional<double> parse_limit(std::string_view text, bench_metric metric) {
    const std::string copy(text);
    char *end = nullptr;
    const double number = std::strtod(copy.c_str(), &end);
    if (end == copy.c_str() || !std::isfinite(number) || number < 0) return std::nullopt;
    const std::string_view unit = trimmed(end);
    if (is_time(metric)) {
        const auto found = find(times, unit);
        if (found == times.end()) return std::nullopt;
        return number * found->second;
    }
    const auto found = find(multiples, unit);
    if (found == multiples.end()) return std::nullopt;
    return number * found->second;
}

} // namespace

bool bench_condition::holds(const bench_result &of) const noexcept {
    const std::optional<double> value = of.value_of(metric);
    // What could not be measured does not keep to any limit.
    if (!value) return true;
    switch (is) {
    case comparison::above:
        return *value > limit;
    case comparison::at_least:
        return *value >= limit;
    case comparison::below:
        return *value < limit;
    case comparison::at_most:
        return *value <= limit;
    }
    return true;
}

std::optional<bench_condition> parse_condition(std::string_view text) {
    const std::size_t at = text.find_first_of("<>");
    if (at == std::string_view::npos) return std::nullopt;
    const auto metric = find(metrics, trimmed(text.substr(0, at)));
    if (metric == metrics.end()) return std::nullopt;
    const std::string_view rest = text.substr(at);
    const auto compare = std::find_if(comparisons.begin(), comparisons.end(), [&](const auto &entry) {
        return rest.substr(0, entry.first.size()) == entry.first;
    });
    const std::optional<double> limit =
        parse_limit(trimmed(rest.substr(compare->first.size())), metric->second);
    if (!limit) return std::nullopt;
    return bench_condition{std::string(text), metric->second, compare->second, *limit};
}

} // namespace cryo_tool
