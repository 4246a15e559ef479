// The histogram of the load generator: exact where it says so, within its promise elsewhere.
#include "bench/histogram.h"

#include "cmocka.hpp"

#include <cmath>
#include <memory>
#include <random>
#include <vector>

namespace {

using cryo_tool::bench_histogram;

// It is larger than a page of the stack should be.
std::unique_ptr<bench_histogram> make() {
    return std::make_unique<bench_histogram>();
}

void test_empty(void **) {
    const auto histogram = make();
    assert_int_equal(histogram->count(), 0);
    assert_int_equal(histogram->min(), 0);
    assert_int_equal(histogram->max(), 0);
    assert_int_equal(histogram->value_at(0.5), 0);
    assert_true(histogram->mean() == 0.0);
    histogram->for_each([](std::uint64_t, std::uint64_t) { fail(); });
}

void test_small_values_are_exact(void **) {
    for (std::uint64_t value = 0; value < 256; ++value) {
        const auto histogram = make();
        histogram->record(value);
        assert_int_equal(histogram->value_at(0.5), value);
    }
    const auto histogram = make();
    for (std::uint64_t value = 1; value <= 100; ++value)
        histogram->record(value);
    assert_int_equal(histogram->value_at(0.5), 50);
    assert_int_equal(histogram->value_at(0.99), 99);
    assert_int_equal(histogram->value_at(1), 100);
    assert_int_equal(histogram->value_at(0), 1);
    assert_true(histogram->mean() == 50.5);
}

// Around each power of two, where buckets change their width.
void test_every_value_is_near_itself(void **) {
    for (unsigned bit = 0; bit < bench_histogram::value_bits; ++bit) {
        for (int off = -2; off <= 2; ++off) {
            const std::uint64_t value = (std::uint64_t{1} << bit) + static_cast<std::uint64_t>(off);
            if (value > bench_histogram::highest) continue;
            const auto histogram = make();
            histogram->record(value);
            histogram->record(bench_histogram::highest); // so that the maximum does not bound the bucket
            const std::uint64_t told = histogram->value_at(0.5);
            assert_true(told >= value);
            assert_true(told - value <= value / 128);
        }
    }
}

void test_too_large_values_are_the_largest(void **) {
    const auto histogram = make();
    histogram->record(UINT64_MAX);
    assert_int_equal(histogram->max(), bench_histogram::highest);
    assert_int_equal(histogram->value_at(0.5), bench_histogram::highest);
}

void test_percentiles_of_many(void **) {
    std::mt19937_64 random(1);
    std::lognormal_distribution<double> distribution(11, 1.5);
    std::vector<std::uint64_t> values;
    const auto histogram = make();
    for (int i = 0; i < 100000; ++i) {
        values.push_back(static_cast<std::uint64_t>(distribution(random)));
        histogram->record(values.back());
    }
    std::sort(values.begin(), values.end());
    for (const double share : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1.0}) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size()))) - 1;
        const std::uint64_t told = histogram->value_at(share);
        assert_true(told >= values[rank]);
        assert_true(told - values[rank] <= values[rank] / 128);
    }
    assert_int_equal(histogram->min(), values.front());
    assert_int_equal(histogram->max(), values.back());
}

void test_sums(void **) {
    const auto one = make();
    const auto two = make();
    one->record(10, 3);
    two->record(1'000'000);
    two->record(5);
    one->add(*two);
    assert_int_equal(one->count(), 5);
    assert_int_equal(one->min(), 5);
    assert_int_equal(one->max(), 1'000'000);
    assert_int_equal(one->value_at(0.5), 10);
    std::vector<std::uint64_t> counts;
    std::uint64_t before = 0;
    one->for_each([&](std::uint64_t value, std::uint64_t count) {
        assert_true(value > before);
        before = value;
        counts.push_back(count);
    });
    assert_true((counts == std::vector<std::uint64_t>{1, 3, 1}));
    assert_int_equal(before, 1'000'000);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_small_values_are_exact),
        cmocka_unit_test(test_every_value_is_near_itself),
        cmocka_unit_test(test_too_large_values_are_the_largest),
        cmocka_unit_test(test_percentiles_of_many),
        cmocka_unit_test(test_sums),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
