// The latencies of a run and its course over time, from all its threads.
#pragma once

#include "bench/result.h"

#include <cstddef>
#include <map>
#include <mutex>

namespace cryo_tool {

// All of it from any thread.
class bench_timeline {
  public:
    explicit bench_timeline(std::uint32_t workers) noexcept : workers_(workers) {}

    // What one thread has seen in the interval with this number. Each adds each interval once, in order.
    void add(std::size_t number, double begin_s, double length_s, const bench_histogram &seen);
    // What came behind the end, and counts.
    void add_late(const bench_histogram &seen);

    // The last interval that all threads have added.
    bench_interval latest() const;

    // When all are done. `latency` is that of all intervals together.
    void take(bench_histogram &latency, std::vector<bench_interval> &intervals);

  private:
    struct piece {
        bench_interval told;
        bench_histogram seen;
        std::uint32_t workers = 0;
    };
    void settle(const piece &of);

    mutable std::mutex mutex_;
    const std::uint32_t workers_;
    std::map<std::size_t, piece> pending_; // which some have added
    bench_histogram late_;
    bench_histogram latency_;
    std::vector<bench_interval> intervals_;
};

} // namespace cryo_tool
