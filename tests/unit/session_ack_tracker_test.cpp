#include "session/ack_tracker.h"

#include "session/options.h"

#include "cmocka.hpp"

#include <algorithm>
#include <deque>
#include <random>

using namespace cryo_core;

namespace {

constexpr time_us timeout = from_ms(100);

void test_one_frame(void **) {
    ack_tracker acks;
    assert_int_equal(acks.deadline(timeout), never);
    acks.sent(7, 1000);
    assert_int_equal(acks.deadline(timeout), 1000 + timeout);
    assert_false(acks.acknowledged(6, 1200).has_value());
    assert_false(acks.acknowledged(8, 1200).has_value());
    assert_int_equal(acks.acknowledged(7, 1300).value(), 300);
    assert_false(acks.acknowledged(7, 1400).has_value());
    assert_int_equal(acks.deadline(timeout), never);
    assert_int_equal(acks.expire(never, timeout), 0);
}

void test_time_out_to_the_microsecond(void **) {
    ack_tracker acks;
    acks.sent(0, 0);
    acks.sent(1, 1);
    assert_int_equal(acks.expire(timeout - 1, timeout), 0);
    assert_int_equal(acks.expire(timeout, timeout), 1);
    assert_int_equal(acks.deadline(timeout), timeout + 1);
    assert_false(acks.acknowledged(0, timeout).has_value());
    assert_int_equal(acks.expire(timeout + 1, timeout), 1);
    assert_int_equal(acks.expire(never, timeout), 0);
}

void test_out_of_order(void **) {
    ack_tracker acks;
    for (std::uint32_t i = 0; i < 100; ++i)
        acks.sent(i, i);
    for (std::uint32_t i = 99; i > 0; --i)
        assert_int_equal(acks.acknowledged(i, 1000).value(), 1000 - static_cast<time_us>(i));
    assert_int_equal(acks.deadline(timeout), timeout); // of number 0
    assert_int_equal(acks.expire(timeout, timeout), 1);
    assert_int_equal(acks.deadline(timeout), never);
}

void test_more_than_are_tracked(void **) {
    ack_tracker acks;
    const auto most = static_cast<std::uint32_t>(max_tracked_runs);
    for (std::uint32_t i = 0; i < most + 10; ++i)
        acks.sent(i, i);
    assert_false(acks.acknowledged(most, most).has_value()); // not timed
    assert_int_equal(acks.acknowledged(most - 1, most).value(), 1);
    assert_int_equal(acks.acknowledged(0, most).value(), most);
    acks.sent(most + 10, most + 2); // there is room again
    assert_int_equal(acks.acknowledged(most + 10, most + 3).value(), 1);
    assert_int_equal(acks.expire(most + timeout, timeout), most - 2);
}

// However many leave at one time, each of them counts.
void test_frames_that_leave_together(void **) {
    ack_tracker acks;
    constexpr std::uint32_t many = 1'000'000;
    for (std::uint32_t i = 0; i < many; ++i)
        acks.sent(i - 10, 5); // over the wrap of the numbers
    assert_int_equal(acks.acknowledged(many / 2, 6).value(), 1);
    assert_false(acks.acknowledged(many / 2, 6).has_value());
    assert_int_equal(acks.acknowledged(many / 2 - 1, 7).value(), 2);
    assert_int_equal(acks.acknowledged(many / 2 + 1, 8).value(), 3);
    assert_int_equal(acks.acknowledged(many - 11, 9).value(), 4);
    assert_false(acks.acknowledged(many - 10, 9).has_value());
    assert_true(acks.is_oldest(UINT32_MAX - 9));
    assert_int_equal(acks.acknowledged(UINT32_MAX - 9, 10).value(), 5);
    assert_true(acks.is_oldest(UINT32_MAX - 8));
    acks.pop_oldest();
    acks.sent(many - 10, 5); // in a row with those before
    acks.sent(many - 8, 5);  // not so
    acks.sent(many - 7, 6);
    assert_int_equal(acks.deadline(timeout), 5 + timeout);
    assert_int_equal(acks.expire(5 + timeout, timeout), many - 6 + 2);
    assert_int_equal(acks.acknowledged(many - 7, 7).value(), 1);
    assert_int_equal(acks.deadline(timeout), never);
}

// The many pieces of a run are bounded, too: those that cannot be told apart are not timed.
void test_a_run_in_more_pieces_than_are_tracked(void **) {
    ack_tracker acks;
    const auto most = static_cast<std::uint32_t>(max_tracked_runs);
    for (std::uint32_t i = 0; i < 4 * most; ++i)
        acks.sent(i, 0);
    for (std::uint32_t i = 1; i < 2 * most; i += 2)
        assert_int_equal(acks.acknowledged(i, 1).value(), 1);
    assert_false(acks.acknowledged(2 * most, 1).has_value());
    assert_int_equal(acks.expire(timeout, timeout), most);
}

// The same as a plain list does, under operations in any order, across the wrap of the numbers.
void test_as_a_plain_list(void **) {
    struct entry {
        std::uint32_t number;
        time_us at;
    };
    for (unsigned seed = 1; seed <= 4; ++seed) {
        std::mt19937 random(seed);
        ack_tracker acks;
        std::deque<entry> model;
        std::uint32_t next = 0xffffff00;
        time_us now = 0;
        for (int step = 0; step < 100'000; ++step) {
            now += random() % 2000;
            switch (random() % 8) {
            case 0:
            case 1:
            case 2:
                next += static_cast<std::uint32_t>(random() % 3); // pings take numbers too
                for (auto together = random() % 6; together > 0; --together) {
                    acks.sent(++next, now);
                    model.push_back({next, now});
                }
                break;
            case 3: {
                std::uint32_t expired = 0;
                for (; !model.empty() && model.front().at + timeout <= now; model.pop_front())
                    ++expired;
                assert_int_equal(acks.expire(now, timeout), expired);
                break;
            }
            default: {
                const std::uint32_t number = next - static_cast<std::uint32_t>(random() % 64);
                const auto at = std::find_if(model.begin(), model.end(),
                                             [&](const entry &e) { return e.number == number; });
                const auto elapsed = acks.acknowledged(number, now);
                assert_true(elapsed.has_value() == (at != model.end()));
                if (at == model.end()) break;
                assert_int_equal(*elapsed, now - at->at);
                model.erase(at);
            }
            }
            assert_int_equal(acks.deadline(timeout), model.empty() ? never : model.front().at + timeout);
        }
    }
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_one_frame),
        cmocka_unit_test(test_time_out_to_the_microsecond),
        cmocka_unit_test(test_out_of_order),
        cmocka_unit_test(test_more_than_are_tracked),
        cmocka_unit_test(test_frames_that_leave_together),
        cmocka_unit_test(test_a_run_in_more_pieces_than_are_tracked),
        cmocka_unit_test(test_as_a_plain_list),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
