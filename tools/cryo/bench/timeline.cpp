#include "bench/timeline.h"

#include <algorithm>

namespace cryo_tool {

void bench_timeline::add(std::size_t number, double begin_s, double length_s, const bench_histogram &seen) {
    const std::lock_guard lock(mutex_);
    const auto [at, first] = pending_.try_emplace(number);
    piece &all = at->second;
    bench_interval &told = all.told;
    const double end_s = std::max(told.begin_s + told.length_s, begin_s + length_s);
    told.begin_s = first ? begin_s : std::min(told.begin_s, begin_s);
    told.length_s = end_s - told.begin_s;
    all.seen.add(seen);
    if (++all.workers < workers_) return;
    settle(all);
    pending_.erase(at);
}

void bench_timeline::settle(const piece &of) {
    bench_interval told = of.told;
    told.messages = of.seen.count();
    told.p50 = of.seen.value_at(0.5);
    told.p99 = of.seen.value_at(0.99);
    told.max = of.seen.max();
    intervals_.push_back(told);
    latency_.add(of.seen);
}

void bench_timeline::add_late(const bench_histogram &seen) {
    const std::lock_guard lock(mutex_);
    late_.add(seen);
}

bench_interval bench_timeline::latest() const {
    const std::lock_guard lock(mutex_);
    return intervals_.empty() ? bench_interval{} : intervals_.back();
}

void bench_timeline::take(bench_histogram &latency, std::vector<bench_interval> &intervals) {
    const std::lock_guard lock(mutex_);
    for (const auto &[number, each] : pending_) // a thread that lost all its connections added no more
        settle(each);
    pending_.clear();
    if (late_.count() > 0 && !intervals_.empty()) {
        intervals_.back().messages += late_.count();
        intervals_.back().max = std::max(intervals_.back().max, late_.max());
        latency_.add(late_);
    }
    latency = latency_;
    intervals = std::move(intervals_);
}

} // namespace cryo_tool
