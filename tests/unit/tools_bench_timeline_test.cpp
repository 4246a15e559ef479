// What several threads of the load generator have seen becomes one course over time.
#include "bench/timeline.h"

#include "cmocka.hpp"

#include <memory>

namespace {

using cryo_tool::bench_histogram;
using cryo_tool::bench_interval;
using cryo_tool::bench_timeline;

std::unique_ptr<bench_histogram> seen(std::initializer_list<std::uint64_t> values) {
    auto all = std::make_unique<bench_histogram>();
    for (const std::uint64_t value : values)
        all->record(value);
    return all;
}

struct taken {
    explicit taken(bench_timeline &from) { from.take(*latency, intervals); }
    std::unique_ptr<bench_histogram> latency = seen({});
    std::vector<bench_interval> intervals;
};

void test_an_interval_is_told_when_all_have_added_it(void **) {
    bench_timeline timeline(2);
    timeline.add(0, 0.25, 1, *seen({10, 20}));
    assert_int_equal(timeline.latest().messages, 0);
    timeline.add(1, 1.25, 1, *seen({50}));
    timeline.add(0, 0, 1, *seen({30}));
    const bench_interval first = timeline.latest();
    assert_int_equal(first.messages, 3);
    assert_int_equal(first.p50, 20);
    assert_int_equal(first.p99, 30);
    assert_int_equal(first.max, 30);
    assert_true(first.begin_s == 0 && first.length_s == 1.25); // all that either saw
    timeline.add(1, 1, 1, *seen({}));
    assert_int_equal(timeline.latest().messages, 1);
    const taken all(timeline);
    assert_int_equal(all.intervals.size(), 2);
    assert_int_equal(all.latency->count(), 4);
    assert_int_equal(all.latency->max(), 50);
}

void test_who_lost_its_connections_adds_no_more(void **) {
    bench_timeline timeline(2);
    timeline.add(0, 0, 1, *seen({10}));
    timeline.add(0, 0, 1, *seen({10}));
    timeline.add(1, 1, 1, *seen({20}));
    timeline.add(2, 2, 1, *seen({30}));
    assert_int_equal(timeline.latest().max, 10);
    const taken all(timeline);
    assert_int_equal(all.intervals.size(), 3);
    assert_int_equal(all.intervals.back().max, 30);
    assert_int_equal(all.latency->count(), 4);
}

void test_late_answers_are_the_last_intervals(void **) {
    bench_timeline timeline(1);
    timeline.add(0, 0, 1, *seen({10}));
    timeline.add(1, 1, 1, *seen({10}));
    timeline.add_late(*seen({5000}));
    const taken all(timeline);
    assert_int_equal(all.intervals.back().messages, 2);
    assert_in_range(all.intervals.back().max, 5000, 5000);
    assert_int_equal(all.latency->count(), 3);
}

void test_nothing_was_measured(void **) {
    bench_timeline timeline(3);
    timeline.add_late(*seen({}));
    const taken all(timeline);
    assert_int_equal(all.intervals.size(), 0);
    assert_int_equal(all.latency->count(), 0);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_an_interval_is_told_when_all_have_added_it),
        cmocka_unit_test(test_who_lost_its_connections_adds_no_more),
        cmocka_unit_test(test_late_answers_are_the_last_intervals),
        cmocka_unit_test(test_nothing_was_measured),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
