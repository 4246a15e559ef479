// Life and its signs: keep-alive ticks, statistics, round trips and acknowledgements that do not come.
#include "session/session.h"

#include "cmocka.hpp"
#include "session_bench.hpp"

#include <algorithm>

using namespace cryo_core;
using cryo_test::frame_type;
using cryo_test::session_bench;

namespace {

using list = session_bench::list;

constexpr const char *silent = "close 4001 No sign of life after a ping.";

session_bench &opened(session_bench &bench) {
    bench.open();
    bench.told();
    return bench;
}

bool contains(const list &lines, const std::string &line) {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
}

// --- keep-alive -------------------------------------------------------------------------------------------

void test_pings_at_each_interval(void **) {
    session_bench bench;
    opened(bench);
    bench.pass(from_ms(15000) - 1);
    assert_lines(bench.said(), list{});
    bench.pass(1);
    assert_lines(bench.said(), list{"ping 0"});
    assert_int_equal(bench.one.deadline(), bench.now + from_ms(15000));
    bench.hear(0, frame_type::ping_pong, "pong");
    bench.pass(from_ms(15000) + 500); // late, and the next one is not
    assert_lines(bench.said(), list{"ping 1"});
    assert_int_equal(bench.one.deadline(), bench.now - 500 + from_ms(15000));
}

// The answer to a ping that left late is not late.
void test_a_late_ping_has_its_interval(void **) {
    session_bench bench;
    opened(bench);
    bench.pass_ms(15000 + 7000);
    assert_lines(bench.said(), list{"ping 0"});
    assert_int_equal(bench.one.deadline(), bench.now + from_ms(15000));
    bench.pass_ms(14999);
    assert_false(contains(bench.told(), silent));
    bench.pass_ms(1);
    assert_true(contains(bench.told(), silent));
}

void test_a_ping_on_its_way_is_waited_for(void **) {
    session_bench bench;
    opened(bench);
    bench.pass_ms(15000);
    assert_lines(bench.said(), list{"ping 0"});
    bench.told();
    bench.under_way = true;
    for (int i = 0; i < 3; ++i) {
        bench.pass_ms(15000);
        assert_lines(bench.said(), list{}); // one is enough
        assert_int_equal(bench.told().size(), 3);
    }
    bench.hear(0, frame_type::ping_pong, "pong");
    bench.pass_ms(15000);
    assert_lines(bench.said(), list{"ping 1"});
    bench.under_way = false;
    bench.pass_ms(15000);
    assert_true(contains(bench.told(), silent));
}

void test_a_silent_peer_is_closed(void **) {
    session_bench bench;
    opened(bench);
    bench.pass_ms(15000);
    bench.told();
    bench.pass(from_ms(15000) - 1);
    assert_lines(bench.told(), list{});
    bench.pass(1);
    const list told = bench.told();
    assert_int_equal(told.size(), 4);
    assert_string_equal(told.back().c_str(), silent); // behind its statistics
    bench.pass_ms(60'000);
    assert_lines(bench.told(), list{});
}

void test_what_counts_as_life(void **) {
    const struct {
        const char *name;
        std::string message;
        bool life;
    } cases[] = {
        {"pong", cryo_test::frame_text(0, frame_type::ping_pong, "pong"), true},
        {"a pong of any number", cryo_test::frame_text(77, frame_type::ping_pong, "pong"), true},
        {"ping", cryo_test::frame_text(5, frame_type::ping_pong, "ping"), true},
        {"ack", cryo_test::frame_text(99, frame_type::ack), true},
        {"text", cryo_test::frame_text(1, frame_type::utf8_data, "x"), true},
        {"error", cryo_test::frame_text(1, frame_type::error, "error"), true},
        {"rubbish", "rubbish", false},
        {"another's pong", cryo_test::frame_text(0, frame_type::ping_pong, "pong", uuid{}), false},
    };
    for (const auto &one : cases) {
        session_bench bench;
        opened(bench);
        bench.pass_ms(15000);
        bench.pass_ms(14999);
        bench.hear(one.message);
        bench.pass_ms(1);
        if (contains(bench.events, silent) == one.life) print_error("%s\n", one.name);
        assert_true(contains(bench.events, silent) != one.life);
    }
}

void test_no_burst_after_the_machine_slept(void **) {
    session_bench bench;
    opened(bench);
    bench.pass_ms(3'600'000);
    assert_lines(bench.said(), list{"ping 0"});
    assert_int_equal(bench.told().size(), 3); // one set of statistics
    assert_int_equal(bench.one.deadline(), bench.now + from_ms(15000));
    bench.one.tick(bench.now);
    assert_lines(bench.said(), list{});
}

void test_the_machine_slept_behind_a_ping(void **) {
    session_bench bench;
    opened(bench);
    bench.pass_ms(15000);
    bench.said();
    bench.pass_ms(3'600'000); // the pong lies unread
    assert_false(contains(bench.told(), silent));
    assert_lines(bench.said(), list{"ping 1"});
    bench.pass_ms(15000);
    assert_true(contains(bench.told(), silent));
}

void test_silence_that_is_excused(void **) {
    session_bench bench;
    opened(bench);
    for (int i = 0; i < 5; ++i) {
        bench.pass_ms(14'000);
        bench.one.excuse_silence();
        bench.pass_ms(1000);
        assert_lines(bench.said(), list{"ping " + std::to_string(i)});
    }
    assert_false(contains(bench.told(), silent));
    bench.pass_ms(15000);
    assert_true(contains(bench.told(), silent));
}

// --- statistics -------------------------------------------------------------------------------------------

void test_statistics_in_their_order(void **) {
    session_bench bench({.ack_timeout = from_ms(1000)});
    opened(bench);
    bench.hear(0, frame_type::utf8_data, "x");
    bench.told();
    bench.pass_ms(15000);
    assert_lines(bench.told(), list{"stat 2 22", "stat 3 0", "stat 4 0"}); // no round trip yet

    bench.say("a");
    bench.say("b");
    bench.say("c");
    bench.said(); // ack 21, ping 25, 3 * 22
    bench.now += 1500;
    bench.hear(1, frame_type::ack);
    bench.pass_ms(15000);
    assert_lines(bench.told(), list{"stat 1 1.5", "stat 2 43", "stat 3 112", "stat 4 2"});
    bench.hear(2, frame_type::ack);
    bench.pass_ms(14999);
    assert_lines(bench.told(), list{"stat 1 1.5", "stat 2 64", "stat 3 112", "stat 4 0"}); // since the last
    assert_int_equal(bench.counters.ack_timeouts.load(), 2);                               // in all
}

void test_a_close_inside_a_statistic(void **) {
    session_bench bench;
    opened(bench);
    bench.then = [&](const std::string &) { bench.one.begin_close(); };
    bench.pass_ms(15000);
    assert_lines(bench.said(), list{});
    bench.pass_ms(15000);
    assert_false(contains(bench.told(), silent));
}

// --- round trips ------------------------------------------------------------------------------------------

void test_round_trip_average(void **) {
    session_bench bench;
    opened(bench);
    assert_true(bench.counters.rtt_ms.load() < 0);
    double average = -1;
    const time_us samples[] = {300, 1, 40'000, 0, 2'499'999};
    std::uint32_t number = 0;
    for (const time_us sample : samples) {
        bench.say("x");
        bench.said();
        bench.now += sample;
        bench.hear(number++, frame_type::ack);
        const double ms = static_cast<double>(sample) / 1000;
        average = average < 0 ? ms : 0.8 * average + 0.2 * ms;
        assert_true(bench.round_trip_is(average));
    }
}

void test_time_runs_from_writing(void **) {
    session_bench bench;
    opened(bench);
    bench.say("x");
    bench.now += from_ms(1000); // it waited for its peer
    bench.said();
    bench.now += 300;
    bench.hear(0, frame_type::ack);
    assert_true(bench.round_trip_is(0.3));
}

void test_late_unknown_and_repeated_acks(void **) {
    session_bench bench;
    opened(bench);
    bench.say("x");
    bench.one.ping();
    bench.said(); // ping 0, text 1
    bench.now += 1000;
    bench.hear(0, frame_type::ack); // pings are answered with pongs
    bench.hear(2, frame_type::ack);
    bench.hear(0xffffffff, frame_type::ack);
    assert_true(bench.counters.rtt_ms.load() < 0);
    bench.hear(1, frame_type::ack);
    bench.now += 1000;
    bench.hear(1, frame_type::ack);
    assert_true(bench.round_trip_is(1.0));

    bench.say("y");
    bench.said();
    bench.pass_ms(2500);
    assert_int_equal(bench.counters.ack_timeouts.load(), 1);
    bench.hear(2, frame_type::ack); // late
    bench.pass_ms(2500);
    assert_int_equal(bench.counters.ack_timeouts.load(), 1); // once
    assert_true(bench.round_trip_is(1.0));
}

void test_deadline_of_an_ack(void **) {
    session_bench bench;
    opened(bench);
    const time_us tick = bench.one.deadline();
    bench.say("x");
    assert_int_equal(bench.one.deadline(), tick); // it has not left
    bench.said();
    assert_int_equal(bench.one.deadline(), bench.now + from_ms(2500));
    bench.hear(0, frame_type::ack);
    assert_int_equal(bench.one.deadline(), tick);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_pings_at_each_interval),
        cmocka_unit_test(test_a_late_ping_has_its_interval),
        cmocka_unit_test(test_a_ping_on_its_way_is_waited_for),
        cmocka_unit_test(test_a_silent_peer_is_closed),
        cmocka_unit_test(test_what_counts_as_life),
        cmocka_unit_test(test_no_burst_after_the_machine_slept),
        cmocka_unit_test(test_the_machine_slept_behind_a_ping),
        cmocka_unit_test(test_silence_that_is_excused),
        cmocka_unit_test(test_statistics_in_their_order),
        cmocka_unit_test(test_a_close_inside_a_statistic),
        cmocka_unit_test(test_round_trip_average),
        cmocka_unit_test(test_time_runs_from_writing),
        cmocka_unit_test(test_late_unknown_and_repeated_acks),
        cmocka_unit_test(test_deadline_of_an_ack),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
