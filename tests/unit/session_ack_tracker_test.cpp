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
    const auto most = static_cast<std::uint32_t>(max_tracked_acks);
    for (std::uint32_t i = 0; i < most + 10; ++i)
        acks.sent(i, 0);
    assert_false(acks.acknowledged(most, 1).has_value()); // not timed
    assert_int_equal(acks.acknowledged(most - 1, 1).value(), 1);
    assert_int_equal(acks.acknowledged(0, 1).value(), 1);
    acks.sent(most + 10, 2);
    assert_int_equal(acks.acknowledged(most + 10, 3).value(), 1);
    assert_int_equal(acks.expire(timeout, timeout), most - 2);
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
                next += 1 + static_cast<std::uint32_t>(random() % 3); // pings take numbers too
                acks.sent(next, now);
                model.push_back({next, now});
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
        cmocka_unit_test(test_one_frame),       cmocka_unit_test(test_time_out_to_the_microsecond),
        cmocka_unit_test(test_out_of_order),    cmocka_unit_test(test_more_than_are_tracked),
        cmocka_unit_test(test_as_a_plain_list),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
