// What --fail-if says: a figure of the result, and the limit that it must keep to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cryo_tool {

struct bench_result;

enum class bench_metric { p50, p90, p99, p999, max, mean, rate, bytes, connect_rate, errors, cpu };

struct bench_condition {
    enum class comparison { above, at_least, below, at_most };

    std::string text; // as it was given
    bench_metric metric = bench_metric::p99;
    comparison is = comparison::above;
    double limit = 0; // latencies and cpu in nanoseconds, everything else in its own unit

    // Whether it holds of the result, so that the program fails.
    bool holds(const bench_result &of) const noexcept;
};

// "p99>5ms", "rate < 100k", "errors>0". nullopt: it is none of these.
std::optional<bench_condition> parse_condition(std::string_view text);

} // namespace cryo_tool
