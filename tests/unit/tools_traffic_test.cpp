// What the status line of `cryo serve` is made of: counted by several threads, summed by one.
#include "traffic.h"

#include "cmocka.hpp"

#include <memory>
#include <thread>
#include <vector>

namespace {

using cryo_tool::status_text;
using cryo_tool::traffic;
using std::chrono::milliseconds;

const traffic::clock::time_point start{std::chrono::hours(1)};

void test_nothing_yet(void **) {
    traffic meter;
    const traffic::rates first = meter.now(start);
    assert_int_equal(first.sessions, 0);
    assert_true(first.messages_per_second == 0 && first.bytes_per_second == 0);
    assert_false(first.median_rtt_ms.has_value());
    assert_string_equal(status_text(first).c_str(), "0 sessions  0 messages/s  0 B/s");
}

void test_what_all_threads_have_counted(void **) {
    traffic meter;
    meter.now(start);
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 8; ++i)
        threads.emplace_back([&meter] {
            for (unsigned n = 0; n < 1000; ++n)
                meter.message(3);
        });
    for (std::thread &each : threads)
        each.join();
    const traffic::rates got = meter.now(start + milliseconds(500));
    assert_true(got.messages_per_second == 16000);
    assert_true(got.bytes_per_second == 48000);
}

void test_only_the_last_second_counts(void **) {
    traffic meter;
    meter.now(start);
    meter.message(100);
    assert_true(meter.now(start + milliseconds(500)).messages_per_second == 2);
    meter.now(start + milliseconds(1000));
    assert_true(meter.now(start + milliseconds(2000)).messages_per_second == 0);
}

// Also where one takes the place of another: a thread remembers whom it has counted for.
void test_several_at_a_time_and_in_turn(void **) {
    for (unsigned round = 0; round < 3; ++round) {
        const auto one = std::make_unique<traffic>();
        traffic other;
        one->now(start);
        other.now(start);
        for (unsigned n = 0; n < 10; ++n) {
            one->message(1);
            other.message(2);
            other.message(2);
        }
        const traffic::rates of_one = one->now(start + milliseconds(1000));
        const traffic::rates of_other = other.now(start + milliseconds(1000));
        assert_true(of_one.messages_per_second == 10 && of_one.bytes_per_second == 10);
        assert_true(of_other.messages_per_second == 20 && of_other.bytes_per_second == 40);
    }
}

void test_sessions_and_their_round_trips(void **) {
    traffic meter;
    for (const char *id : {"a", "b", "c"})
        meter.session(id);
    meter.rtt("a", 1);
    meter.rtt("b", 4);
    meter.rtt("nobody", 100);
    traffic::rates got = meter.now(start);
    assert_int_equal(got.sessions, 3);
    assert_true(got.median_rtt_ms == 2.5);
    assert_string_equal(status_text(got).c_str(), "3 sessions  0 messages/s  0 B/s  rtt 2.50 ms");
    meter.closed("b");
    meter.closed("c");
    got = meter.now(start);
    assert_int_equal(got.sessions, 1);
    assert_true(got.median_rtt_ms == 1.0);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_yet),
        cmocka_unit_test(test_what_all_threads_have_counted),
        cmocka_unit_test(test_only_the_last_second_counts),
        cmocka_unit_test(test_several_at_a_time_and_in_turn),
        cmocka_unit_test(test_sessions_and_their_round_trips),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
