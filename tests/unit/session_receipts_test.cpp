// Receipts: each message that asked for one hears of its end once, whatever that is.
#include "cmocka.hpp"
#include "session_bench.hpp"

#include "session/byte_budget.h"

#include <map>
#include <random>

using namespace cryo_core;
using cryo_test::session_bench;
using list = session_bench::list;
using codec::frame_type;

namespace {

void test_acknowledged_with_its_round_trip(void **) {
    session_bench bench;
    bench.open();
    assert_true(bench.say_with("a", 71) == status::ok);
    assert_true(bench.say_with("b", 72) == status::ok);
    bench.say("nobody asks");
    assert_lines(bench.said(), list{"text 0 a", "text 1 b", "text 2 nobody asks"});
    bench.told();
    bench.now += 1500;
    bench.hear(1, frame_type::ack);
    bench.hear(2, frame_type::ack);
    bench.now += 500;
    bench.hear(0, frame_type::ack);
    bench.hear(0, frame_type::ack); // once is enough
    assert_lines(bench.told(), list{"receipt 72 acknowledged 1500 us", "receipt 71 acknowledged 2000 us"});
}

void test_timed_out(void **) {
    session_bench bench({.keepalive = from_ms(60'000), .ack_timeout = from_ms(100)});
    bench.open();
    bench.say_with("a", 1);
    bench.pass_ms(90); // it has not left: the time does not run yet
    bench.said();
    bench.say_with("b", 2);
    bench.pass_ms(90);
    bench.said();
    bench.told();
    bench.pass_ms(10);
    assert_lines(bench.told(), list{"receipt 1 timed out"});
    bench.hear(0, frame_type::ack); // too late
    assert_lines(bench.told(), list{});
    assert_int_equal(bench.one.deadline(), bench.now + from_ms(90));
    bench.pass_ms(90);
    assert_lines(bench.told(), list{"receipt 2 timed out"});
}

void test_dropped_by_each_policy(void **) {
    session_options options{.high_water_mark = 1, .low_water_mark = 1, .max_queue_count = 1};
    session_bench oldest(options);
    oldest.open();
    oldest.say("0");
    oldest.say_with("a", 1);
    oldest.told();
    assert_true(oldest.say_with("b", 2) == status::ok);
    assert_lines(oldest.told(), list{"dropped oldest a", "receipt 1 dropped by oldest"});

    options.policy = drop_policy::drop_newest;
    session_bench newest(options);
    newest.open();
    newest.say("0");
    newest.say_with("a", 1);
    newest.told();
    assert_true(newest.say_with("b", 2) == status::full); // who asked knows
    assert_lines(newest.told(), list{});

    options.policy = drop_policy::dedupe_latest;
    session_bench dedupe(options);
    dedupe.open();
    dedupe.say("0");
    dedupe.say_with("a", 1, "key");
    dedupe.told();
    assert_true(dedupe.say_with("b", 2, "key") == status::ok);
    assert_lines(dedupe.told(), list{"dropped replaced a", "receipt 1 dropped by replaced"});
}

// What one thread sends, and another one's message has no room.
void test_refused_behind_the_back_of_the_sender(void **) {
    session_bench bench({.high_water_mark = 1, .low_water_mark = 1, .max_queued_bytes = 30});
    bench.open();
    bench.say("0");
    bench.told();
    auto frame = make_frame(message_kind::utf8, shared_bytes::copy(as_bytes("longer than the cap")));
    frame.receipt = 5;
    assert_false(bench.one.send_accepted(std::move(frame), bench.now, true));
    assert_lines(bench.told(), list{"dropped refused longer than the cap", "receipt 5 dropped by refused"});
}

// One of many who get it: nobody has measured it against this session's queue.
void test_refused_for_one_of_many(void **) {
    session_bench bench({.high_water_mark = 1,
                         .low_water_mark = 1,
                         .max_queued_bytes = 30,
                         .policy = drop_policy::drop_newest});
    bench.open();
    bench.say("0");
    bench.told();
    const auto all = shared_bytes::copy(as_bytes("for all"));
    assert_true(bench.one.send_accepted(make_frame(message_kind::utf8, all), bench.now, false));
    assert_false(bench.one.send_accepted(make_frame(message_kind::utf8, all), bench.now, false));
    assert_lines(bench.told(), list{"dropped refused for all"});
    assert_true(bench.one.send_accepted(make_frame(message_kind::utf8, all), bench.now, true));
    assert_lines(bench.told(), list{});
}

void test_nothing_is_dropped_while_a_drop_is_told(void **) {
    session_bench bench({.high_water_mark = 1, .low_water_mark = 1, .max_queue_count = 1});
    bench.open();
    bench.say("0");
    bench.say("a");
    bench.told();
    int refused = 0;
    bench.then = [&](const std::string &event) {
        if (event.starts_with("dropped") && bench.say_with("again", 9) == status::full) ++refused;
    };
    bench.say("b");
    assert_int_equal(refused, 1);
    assert_lines(bench.told(), list{"dropped oldest a"});
}

void test_closed(void **) {
    session_bench bench({.high_water_mark = 22, .low_water_mark = 1});
    bench.open();
    bench.say_with("a", 1);
    bench.take();
    bench.say_with("b", 2); // in the queue
    bench.told();
    bench.one.begin_close();
    assert_true(bench.say_with("c", 3) == status::closed);
    bench.one.end();
    assert_lines(bench.told(), list{"receipt 2 closed", "receipt 1 closed"});
    bench.one.end();
    assert_lines(bench.told(), list{});
}

void test_a_lost_connection_keeps_the_receipts_of_what_it_gives_back(void **) {
    session_bench bench({.ack_timeout = from_ms(10), .high_water_mark = 1, .keep_unacknowledged = true});
    bench.open();
    for (std::uint64_t i = 1; i <= 4; ++i)
        bench.say_with(std::to_string(i), i);
    bench.take();
    bench.one.flushed();
    bench.pass_ms(11); // the first one's time is over
    bench.take();
    bench.told();
    std::string given;
    for (unsent_message one; bench.one.take_unsent(one);)
        given += (one.left ? std::to_string(one.number) + " " : "- ") +
                 std::string(as_text(one.frame.payload.view())) + ":" + std::to_string(one.frame.receipt) +
                 " ";
    assert_string_equal(given.c_str(), "0 1:0 1 2:2 - 3:3 - 4:4 ");
    bench.one.end();
    assert_lines(bench.told(), list{});
}

void test_writable(void **) {
    session_bench bench({.high_water_mark = 44, .low_water_mark = 22});
    bench.open();
    for (const char *text : {"a", "b", "c"})
        bench.say(text);
    bench.told();
    bench.take();
    bench.one.flushed();
    bench.one.tell_flow();
    assert_lines(bench.told(), list{}); // at the mark is not below it
    bench.said();
    assert_lines(bench.told(), list{"writable"});
    bench.one.tell_flow();
    assert_lines(bench.told(), list{});
}

void test_a_budget_for_all_sessions(void **) {
    const auto total = std::make_shared<byte_budget>(3 * 22);
    {
        session_bench one({.total = total});
        session_bench other({.total = total});
        one.open();
        other.open();
        one.say("a");
        one.say("b");
        other.say("c");
        assert_true(other.say_with("d", 4) == status::total_full);
        other.told();
        other.one.send_accepted(make_frame(message_kind::utf8, shared_bytes::copy(as_bytes("e"))), 0, true);
        assert_lines(other.told(), list{"dropped total e"});
        one.said(); // the kernel has it
        assert_int_equal(total->used(), 22);
        assert_true(other.say_with("f", 6) == status::ok);
        assert_int_equal(total->used(), 44);
    }
    assert_int_equal(total->used(), 0);
}

// The latest takes its place also where all sessions together hold as much as they may: at the cost of its
// own session's messages, and of no other's.
void test_the_latest_within_the_budget(void **) {
    const auto total = std::make_shared<byte_budget>(22 + 4 * 30);
    session_options options{.high_water_mark = 1, .low_water_mark = 1};
    options.policy = drop_policy::dedupe_latest;
    options.total = total;
    const auto say = [](session_bench &at, std::size_t size, char fill, const char *key) {
        data_frame frame = make_frame(
            message_kind::utf8, shared_bytes::copy(as_bytes(std::string(size - codec::header_size, fill))));
        frame.key = shared_bytes::copy(as_bytes(std::string_view(key)));
        return at.one.send(std::move(frame), 0);
    };
    const auto text = [](std::size_t size, char fill) {
        return std::string(size - codec::header_size, fill);
    };
    {
        session_bench one(options);
        session_bench other(options);
        one.open();
        other.open();
        assert_true(one.say("0")); // on its way: held from here on
        assert_true(say(one, 30, 'a', "a") == status::ok);
        assert_true(say(one, 30, 'b', "b") == status::ok);
        assert_true(say(one, 30, 'c', "c") == status::ok);
        assert_true(say(other, 30, 'x', "x") == status::ok); // not held
        assert_int_equal(total->used(), 22 + 4 * 30);
        one.told();
        for (const std::size_t size : {30, 25, 30}) { // what it replaces is enough
            assert_true(say(one, size, 'B', "b") == status::ok);
            assert_int_equal(total->used(), 22 + 3 * 30 + size);
        }
        assert_int_equal(one.told().size(), 3);
        assert_true(say(one, 31, 'C', "c") == status::ok);
        assert_lines(one.told(),
                     list{"dropped oldest " + text(30, 'a'), "dropped replaced " + text(30, 'c')});
        assert_int_equal(total->used(), 22 + 30 + 31 + 30);
        assert_true(say(one, 29, 'd', "d") == status::ok);
        assert_int_equal(total->used(), 22 + 4 * 30);
        assert_true(say(one, 30, 'e', "e") == status::ok); // none with its key: the oldest gives its place
        assert_lines(one.told(), list{"dropped replaced " + text(30, 'B')});
        assert_true(say(one, 22 + 4 * 30, 'f', "f") == status::total_full); // all of its own is not enough
        assert_true(say(other, 30, 'x', "x") == status::total_full);        // it has nothing that waits
        assert_lines(one.told(), list{});
        assert_true(say(one, 90, 'g', "g") == status::ok);
        assert_int_equal(one.told().size(), 3);
        assert_int_equal(total->used(), 22 + 4 * 30);
    }
    assert_int_equal(total->used(), 0);
}

// Any course of things: who was accepted with a receipt is told once, who was not never.
void test_the_ledger(void **) {
    for (unsigned seed = 1; seed <= 60; ++seed) {
        std::mt19937 random(seed);
        session_options options{.keepalive = from_ms(60'000),
                                .ack_timeout = from_ms(20),
                                .high_water_mark = 60 + random() % 200,
                                .low_water_mark = 40,
                                .max_queued_bytes = 200,
                                .max_queue_count = static_cast<std::uint32_t>(1 + random() % 6)};
        options.policy = static_cast<drop_policy>(1 + random() % 3);
        session_bench bench(options);
        bench.open();
        std::map<std::string, int> owed; // by number, as text
        std::uint64_t next = 1;
        std::uint32_t left = 0;
        for (int step = 0; step < 400; ++step) {
            const std::string number = std::to_string(next);
            switch (random() % 6) {
            case 0:
            case 1:
            case 2:
                if (bench.say_with(std::string(random() % 40, 'x'), next,
                                   random() % 2 == 0   ? ""
                                   : random() % 2 == 0 ? "k"
                                                       : "l") == status::ok)
                    owed[number] = 0;
                ++next;
                break;
            case 3:
                for (auto n = random() % 4; n > 0 && !bench.take().empty(); --n)
                    ++left;
                if (random() % 2 == 0) bench.one.flushed();
                break;
            case 4:
                if (left > 0) bench.hear(static_cast<std::uint32_t>(random() % left), frame_type::ack);
                break;
            default:
                bench.pass_ms(static_cast<std::int64_t>(random() % 15));
            }
        }
        if (seed % 2 == 0) bench.one.begin_close();
        bench.one.end();
        for (const std::string &line : bench.told()) {
            if (!line.starts_with("receipt ")) continue;
            const auto entry = owed.find(line.substr(8, line.find(' ', 8) - 8));
            assert_true(entry != owed.end());
            ++entry->second;
        }
        assert_true(owed.size() > 20);
        for (const auto &[number, told] : owed)
            assert_int_equal(told, 1);
    }
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_acknowledged_with_its_round_trip),
        cmocka_unit_test(test_timed_out),
        cmocka_unit_test(test_dropped_by_each_policy),
        cmocka_unit_test(test_refused_behind_the_back_of_the_sender),
        cmocka_unit_test(test_refused_for_one_of_many),
        cmocka_unit_test(test_nothing_is_dropped_while_a_drop_is_told),
        cmocka_unit_test(test_closed),
        cmocka_unit_test(test_a_lost_connection_keeps_the_receipts_of_what_it_gives_back),
        cmocka_unit_test(test_writable),
        cmocka_unit_test(test_a_budget_for_all_sessions),
        cmocka_unit_test(test_the_latest_within_the_budget),
        cmocka_unit_test(test_the_ledger),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
