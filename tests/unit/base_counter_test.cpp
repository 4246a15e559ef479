#include "base/counter.h"

#include "cmocka.hpp"

using cryo_core::counter;
using cryo_core::recent_peak;

namespace {

constexpr std::int64_t window = recent_peak::window_ms;

void test_counts(void **) {
    counter<std::uint64_t> c;
    assert_int_equal(c.load(), 0);
    c.add(3);
    c.subtract(1);
    assert_int_equal(c.load(), 2);
}

void test_a_peak_is_seen_for_one_window_at_least_and_for_two_at_most(void **) {
    recent_peak peak;
    assert_int_equal(peak.at(0), 0);
    const std::int64_t begin = 1'000'000;
    peak.note(5, begin);
    peak.note(9, begin + 1);
    peak.note(2, begin + 2);
    assert_int_equal(peak.at(begin + 2), 9);
    assert_int_equal(peak.at(begin + window), 9); // nothing was noted since
    peak.note(1, begin + window);
    assert_int_equal(peak.at(begin + window), 9);
    assert_int_equal(peak.at(begin + 2 * window - 1), 9);
    peak.note(1, begin + 2 * window);
    assert_int_equal(peak.at(begin + 2 * window), 1);
}

void test_a_peak_is_forgotten_where_nothing_happens(void **) {
    recent_peak peak;
    peak.note(7, 1000);
    assert_int_equal(peak.at(1000 + 2 * window), 0);
    peak.note(3, 1000 + 10 * window);
    assert_int_equal(peak.at(1000 + 10 * window), 3); // the one of long ago is no former one
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_a_peak_is_seen_for_one_window_at_least_and_for_two_at_most),
        cmocka_unit_test(test_a_peak_is_forgotten_where_nothing_happens),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
