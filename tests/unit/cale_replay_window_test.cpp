#include "cale/replay_window.h"

#include "cmocka.hpp"

#include <random>
#include <set>

using cryo_core::cale::replay_window;

namespace {

constexpr std::uint32_t width = replay_window::width;
constexpr std::uint32_t last = 0xffffffff;

void test_each_once(void **) {
    replay_window window;
    for (std::uint32_t counter = 0; counter < 3 * width; ++counter) {
        assert_true(window.take(counter));
        assert_false(window.take(counter));
    }
}

void test_the_first_may_be_any(void **) {
    for (const std::uint32_t first :
         {std::uint32_t{0}, std::uint32_t{1}, width, std::uint32_t{123456789}, last}) {
        replay_window window;
        assert_true(window.take(first));
        assert_false(window.take(first));
    }
}

void test_edges_of_the_window(void **) {
    replay_window window;
    assert_true(window.take(10 * width));
    assert_true(window.take(9 * width + 1)); // the oldest that fits
    assert_false(window.take(9 * width + 1));
    assert_false(window.take(9 * width)); // one too old
    assert_false(window.take(0));
    assert_true(window.take(10 * width + 1)); // pushes the oldest out
    assert_false(window.take(9 * width + 1));
    assert_true(window.take(9 * width + 2));
}

void test_counters_below_the_width_do_not_wrap(void **) {
    replay_window window;
    assert_true(window.take(5));
    for (std::uint32_t counter = 0; counter < 5; ++counter)
        assert_true(window.take(counter));
    assert_false(window.take(2));
}

void test_any_gap_up_to_the_last_counter(void **) {
    replay_window window;
    assert_true(window.take(0));
    assert_true(window.take(last));
    assert_false(window.take(last));
    assert_false(window.take(0));
    assert_false(window.take(last - width));
    assert_true(window.take(last - width + 1));
    assert_true(window.take(last - 1));
    assert_false(window.take(last - 1));
}

// Every gap around the sizes of words and of the window, over a window that is full of marks.
void test_gaps_forget_exactly_what_they_pass(void **) {
    for (const std::uint32_t gap : {1u, 2u, 63u, 64u, 65u, 127u, 128u, 200u, width - 65, width - 64,
                                    width - 1, width, width + 1, 2 * width, 100 * width}) {
        for (const std::uint32_t start : {5 * width, 5 * width + 1, 5 * width + 63, 5 * width + 64}) {
            replay_window window;
            for (std::uint32_t counter = start - width + 1; counter <= start; ++counter)
                assert_true(window.take(counter));
            const std::uint32_t end = start + gap;
            assert_true(window.take(end));
            for (std::uint32_t counter = end - width; counter != end; ++counter)
                assert_int_equal(window.take(counter), counter > start && counter > end - width);
        }
    }
}

// Against a set that remembers everything.
void test_like_a_set(void **) {
    for (const std::uint32_t seed : {1u, 2u, 3u, 4u}) {
        std::mt19937 random(seed);
        replay_window window;
        std::set<std::uint32_t> seen;
        std::uint64_t base = seed == 4 ? last - 300000 : 0; // one of them arrives at the end of all counters
        for (int step = 0; step < 100000; ++step) {
            base += random() % 8 == 0 ? random() % 64 : random() % 2;
            if (random() % 5000 == 0) base += random() % (3 * width);
            const std::uint64_t back = random() % (random() % 4 == 0 ? 2 * width : 50);
            const std::uint64_t wide = base > back ? base - back : 0;
            if (wide > last) break;
            const auto counter = static_cast<std::uint32_t>(wide);
            const bool fits = seen.empty() || counter > *seen.rbegin() || *seen.rbegin() - counter < width;
            assert_int_equal(window.take(counter), fits && !seen.contains(counter));
            if (fits) seen.insert(counter);
        }
        assert_true(seen.size() > 10000);
    }
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_each_once),
        cmocka_unit_test(test_the_first_may_be_any),
        cmocka_unit_test(test_edges_of_the_window),
        cmocka_unit_test(test_counters_below_the_width_do_not_wrap),
        cmocka_unit_test(test_any_gap_up_to_the_last_counter),
        cmocka_unit_test(test_gaps_forget_exactly_what_they_pass),
        cmocka_unit_test(test_like_a_set),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
