// What a session says and tells, from its announcement to its close (keep-alive: session_keepalive_test.cpp).
#include "session/session.h"

#include "cmocka.hpp"
#include "session_bench.hpp"

using namespace cryo_core;
using cryo_test::frame_text;
using cryo_test::frame_type;
using cryo_test::session_bench;

namespace {

using list = session_bench::list;

// --- before the session is announced ----------------------------------------------------------------------

void test_announced_when_the_peer_listens(void **) {
    session_bench bench;
    assert_true(bench.say("early"));
    assert_lines(bench.said(), list{});
    assert_lines(bench.told(), list{});
    assert_false(bench.one.open());
    bench.open();
    assert_true(bench.one.open());
    assert_lines(bench.told(), list{"open"});
    assert_lines(bench.said(), list{"text 0 early"});
    bench.open(); // another pong
    assert_lines(bench.told(), list{});
}

void test_announced_after_the_hello_wait(void **) {
    session_bench bench;
    assert_int_equal(bench.one.deadline(), bench.now + from_ms(250));
    bench.pass(from_ms(250) - 1);
    assert_lines(bench.told(), list{});
    bench.pass(1);
    assert_lines(bench.told(), list{"open"});
    assert_int_equal(bench.one.deadline(), bench.now + from_ms(15000));
}

void test_early_messages_follow_the_announcement_in_order(void **) {
    session_bench bench;
    bench.hear(5, frame_type::utf8_data, "a");
    bench.hear(6, frame_type::binary_data, "b");
    bench.hear("rubbish");
    bench.hear(7, frame_type::ping_pong, "ping");
    assert_lines(bench.told(), list{});
    bench.then = [&](const std::string &event) { // the answer to the first comes before the second
        if (event == "text a") bench.say("re");
    };
    bench.open();
    assert_lines(bench.told(), list{"open", "text a", "binary b"});
    assert_lines(bench.said(), list{"ack 5", "ack 6", "error 0 invalid_operation", "pong 7", "text 0 re"});
}

void test_early_bytes_congest_until_the_announcement(void **) {
    session_bench bench;
    const std::string big(16 * 1024, 'x');
    for (std::uint32_t i = 0; i < 3; ++i)
        bench.hear(i, frame_type::utf8_data, big);
    assert_false(bench.one.congested());
    bench.hear(3, frame_type::utf8_data, big);
    assert_true(bench.one.congested());
    bool congested_when_announced = true;
    bench.then = [&](const std::string &event) {
        if (event == "open") congested_when_announced = bench.one.congested();
    };
    bench.open();
    assert_false(congested_when_announced); // who looks then would not read on
    assert_false(bench.one.congested());
    assert_int_equal(bench.told().size(), 5);
}

void test_early_empty_messages_congest_too(void **) {
    session_bench bench;
    std::size_t count = 0;
    while (!bench.one.congested() && count < 100'000) {
        bench.hear("");
        ++count;
    }
    assert_in_range(count, 100, max_early_bytes / sizeof(byte_buffer) + 1);
}

void test_a_close_in_the_announcement_drops_the_early(void **) {
    session_bench bench;
    bench.hear(0, frame_type::utf8_data, "a");
    bench.then = [&](const std::string &) { bench.one.begin_close(); };
    bench.open();
    assert_lines(bench.told(), list{"open"});
    assert_lines(bench.said(), list{});
}

void test_closed_before_the_announcement(void **) {
    session_bench bench;
    bench.hear(0, frame_type::utf8_data, "a");
    bench.say("b");
    bench.one.begin_close();
    assert_lines(bench.said(), list{}); // nobody would hear it
    bench.open();
    bench.pass_ms(60'000);
    assert_lines(bench.told(), list{});
    assert_lines(bench.said(), list{});
    assert_int_equal(bench.one.deadline(), never);
}

// --- messages
// -----------------------------------------------------------------------------------------------

void test_acknowledged_before_it_is_told(void **) {
    session_bench bench;
    bench.open();
    bench.told();
    list waiting;
    bench.then = [&](const std::string &) { waiting.push_back(cryo_test::describe(bench.take())); };
    bench.hear(41, frame_type::utf8_data, "h\xc3\xa9");
    bench.hear(7, frame_type::binary_data, std::string_view("\0\xff", 2));
    assert_lines(bench.told(), list{"text h\xc3\xa9", std::string("binary \0\xff", 9)});
    assert_lines(waiting, list{"ack 41", "ack 7"});
}

void test_payloads_arrive_as_they_are(void **) {
    session_bench bench;
    bench.open();
    bench.told();
    bench.hear(0, frame_type::utf8_data, "");
    bench.hear(1, frame_type::utf8_data, "null");
    bench.hear(2, frame_type::utf8_data, std::string_view("ab\0\0", 4));
    assert_lines(bench.told(), list{"text ", "text null", std::string("text ab\0\0", 9)});
    bench.say("");
    assert_lines(bench.said(), list{"ack 0", "ack 1", "ack 2", "text 0 "});
}

void test_own_numbers_run_over_pings_and_data(void **) {
    session_bench bench;
    bench.open();
    bench.say("a");
    assert_lines(bench.said(), list{"text 0 a"});
    bench.one.ping();
    bench.say("b");
    bench.hear(900, frame_type::binary_data, "x"); // answers do not count
    bench.hear(901, frame_type::ping_pong, "ping");
    bench.hear(std::string(20, 'x'));
    const std::uint32_t echoed = 0x78787878;
    assert_lines(bench.said(), list{"ping 1", "ack 900", "pong 901",
                                    "error " + std::to_string(echoed) + " invalid_operation", "text 2 b"});
    bench.say("c");
    assert_lines(bench.said(), list{"text 3 c"});
}

void test_numbers_wrap(void **) {
    session_bench bench;
    bench.open();
    session_peer::set_next_number(bench.one, 0xfffffffe);
    bench.say("a");
    bench.one.ping();
    bench.say("b");
    bench.say("c");
    assert_lines(bench.said(), list{"ping 4294967294", "text 4294967295 a", "text 0 b", "text 1 c"});
    bench.now += 700;
    for (const std::uint32_t number : {0u, 4294967295u, 1u})
        bench.hear(number, frame_type::ack);
    bench.pass_ms(5000);
    assert_int_equal(bench.counters.ack_timeouts.load(), 0);
    assert_true(bench.round_trip_is(0.7));
}

void test_control_goes_before_data(void **) {
    session_bench bench;
    bench.open();
    for (const char *text : {"a", "b", "c"})
        bench.say(text);
    assert_string_equal(cryo_test::describe(bench.take()).c_str(), "text 0 a");
    bench.hear(3, frame_type::utf8_data, "x");
    bench.hear(4, frame_type::ping_pong, "ping");
    assert_lines(bench.said(), list{"ack 3", "pong 4", "text 1 b", "text 2 c"});
}

void test_a_pong_is_never_sent_unasked(void **) {
    session_bench bench;
    bench.open();
    bench.hear(0, frame_type::ping_pong, "pong");
    bench.hear(1, frame_type::ack);
    bench.hear(2, frame_type::error, "error");
    assert_lines(bench.said(), list{});
    bench.hear(77, frame_type::ping_pong, "ping");
    assert_lines(bench.said(), list{"pong 77"});
    assert_lines(bench.said(), list{});
}

void test_bytes_are_counted(void **) {
    session_bench bench;
    bench.open();
    bench.hear(0, frame_type::utf8_data, "four");
    bench.hear("rubbish");
    assert_int_equal(bench.counters.bytes_rx.load(), 25 + 7);
    assert_int_equal(bench.counters.bytes_tx.load(), 0); // nothing is with the transport yet
    bench.said();
    assert_int_equal(bench.counters.bytes_tx.load(), 21 + 21 + 17);
    bench.say("dropped");
    bench.one.begin_close();
    bench.one.drop_output();
    bench.said();
    assert_int_equal(bench.counters.bytes_tx.load(), 21 + 21 + 17);
    assert_int_equal(bench.counters.pending_bytes.load(), 0);
}

// --- protocol section 7
// ---------------------------------------------------------------------------------------

struct bad_input {
    const char *name;
    std::string message;
    list said;
    list told;
};

const std::string invalid = " invalid_operation";

const bad_input bad_inputs[] = {
    {"nothing", "", {"error 0" + invalid}, {}},
    {"15 bytes", std::string(15, 'a'), {"error 0" + invalid}, {}},
    {"19 bytes: no whole number", frame_text(9, frame_type::ack).substr(0, 19), {"error 0" + invalid}, {}},
    {"20 bytes: a number", frame_text(9, frame_type::ack).substr(0, 20), {"error 9" + invalid}, {}},
    {"type 8", frame_text(10, static_cast<frame_type>(8)), {"error 10" + invalid}, {}},
    {"type 255", frame_text(11, static_cast<frame_type>(255), "x"), {"error 11" + invalid}, {}},
    {"another sid", frame_text(12, frame_type::utf8_data, "x", uuid{}), {"error 12" + invalid}, {}},
    {"an ACK with a payload", frame_text(13, frame_type::ack, "x"), {"error 13" + invalid}, {}},
    {"an empty ping", frame_text(14, frame_type::ping_pong), {"error 14" + invalid}, {}},
    {"a long ping", frame_text(15, frame_type::ping_pong, "pinga"), {"error 15" + invalid}, {}},
    {"neither ping nor pong", frame_text(16, frame_type::ping_pong, "Ping"), {"error 16" + invalid}, {}},
    {"a server's hello",
     frame_text(17, frame_type::server_hello, std::string(65, '\4')),
     {"error 17" + invalid},
     {}},
    {"a short client hello",
     frame_text(18, frame_type::client_hello, std::string(64, '\4')),
     {"error 18" + invalid},
     {}},
    {"a handshake's end", frame_text(19, frame_type::handshake_done, "null"), {"error 19" + invalid}, {}},
    {"a client hello",
     frame_text(20, frame_type::client_hello, std::string(65, '\4')),
     {},
     {"close 4010 This server does not speak CALE."}},
    {"text that is not UTF-8",
     frame_text(21, frame_type::utf8_data, "\xc3"),
     {},
     {"close 1007 A text message is not UTF-8."}},
    {"a surrogate",
     frame_text(22, frame_type::utf8_data, "\xed\xa0\x80"),
     {},
     {"close 1007 A text message is not UTF-8."}},
    {"an ACK that nobody waits for", frame_text(23, frame_type::ack), {}, {}},
    {"an error", frame_text(24, frame_type::error, "session_expired"), {}, {}},
    {"an error of any text", frame_text(25, frame_type::error, "\xff"), {}, {}},
};

void test_bad_input(void **) {
    for (const bad_input &input : bad_inputs) {
        session_bench bench;
        bench.open();
        bench.told();
        bench.hear(input.message);
        const list said = bench.said(), told = bench.told();
        if (said != input.said || told != input.told) print_error("%s\n", input.name);
        assert_lines(said, input.said);
        assert_lines(told, input.told);
        // The session goes on, unless it closes.
        bench.hear(1, frame_type::utf8_data, "still here");
        assert_lines(bench.told(), input.told.empty() ? list{"text still here"} : list{});
    }
}

void test_violations_are_limited(void **) {
    session_bench bench;
    bench.open();
    bench.told();
    for (std::uint32_t i = 0; i < 16; ++i) {
        bench.hear(i, frame_type::server_hello, "short");
        bench.hear(i, frame_type::utf8_data, "good"); // does not set it back
    }
    assert_int_equal(bench.said().size(), 32);
    assert_int_equal(bench.told().size(), 16);
    bench.hear("");
    assert_lines(bench.told(), list{"close 4001 Too many malformed frames."});
    assert_lines(bench.said(), list{});
    bench.hear("");
    assert_lines(bench.told(), list{});
}

void test_no_violation_allowed(void **) {
    session_bench bench({.max_violations = 0});
    bench.open();
    bench.hear("");
    assert_lines(bench.told(), list{"open", "close 4001 Too many malformed frames."});
}

void test_answers_to_one_who_does_not_read_are_bounded(void **) {
    session_bench bench({.max_violations = UINT32_MAX});
    bench.open();
    for (std::uint32_t i = 0; i < max_control_backlog; ++i) {
        assert_false(bench.one.congested());
        switch (i % 3) {
        case 0:
            bench.hear(i, frame_type::ping_pong, "ping");
            break;
        case 1:
            bench.hear(i, frame_type::binary_data, "x");
            break;
        default:
            bench.hear("");
        }
    }
    assert_true(bench.one.congested()); // it is not read from any more
    for (int i = 0; i < 100'000; ++i)
        bench.one.ping(); // nor do we pile up what is ours
    assert_int_equal(bench.said().size(), max_control_backlog);
    assert_false(bench.one.congested());
    bench.one.ping();
    assert_lines(bench.said(), list{"ping 0"});
}

// --- closing
// --------------------------------------------------------------------------------------------------

void test_closing(void **) {
    session_bench bench;
    bench.open();
    bench.say("before");
    bench.say("also before");
    assert_string_equal(cryo_test::describe(bench.take()).c_str(), "text 0 before");
    bench.hear(3, frame_type::utf8_data, "x");
    bench.told();
    bench.one.begin_close();

    assert_false(bench.one.open());
    assert_false(bench.say("after")); // nothing is accepted
    bench.one.ping();
    bench.hear(4, frame_type::utf8_data, "y"); // and nothing delivered
    bench.hear(5, frame_type::utf8_data, "\xff");
    bench.hear(6, frame_type::ping_pong, "ping");
    bench.hear(7, frame_type::client_hello, std::string(65, '\4'));
    bench.hear("rubbish");
    assert_lines(bench.told(), list{});
    assert_lines(bench.said(), list{"ack 3", "text 1 also before"}); // what was accepted leaves

    bench.now += 300;
    bench.hear(0, frame_type::ack); // ACKs count still
    assert_true(bench.round_trip_is(0.3));
    assert_int_equal(bench.one.deadline(), bench.now - 300 + from_ms(2500));
    bench.pass_ms(2500);
    assert_int_equal(bench.counters.ack_timeouts.load(), 1);
    bench.pass_ms(60'000);
    assert_lines(bench.told(), list{}); // no keep-alive any more
    assert_lines(bench.said(), list{});
}

void test_closing_from_inside_a_message(void **) {
    session_bench bench;
    bench.open();
    bench.then = [&](const std::string &event) {
        if (event == "text a") bench.one.begin_close();
    };
    bench.hear(0, frame_type::utf8_data, "a");
    bench.hear(1, frame_type::utf8_data, "b");
    assert_lines(bench.told(), list{"open", "text a"});
    assert_lines(bench.said(), list{"ack 0"});
}

void test_dropped_output(void **) {
    session_bench bench({.high_water_mark = 1});
    bench.open();
    for (const char *text : {"a", "b", "c"})
        bench.say(text);
    assert_true(bench.counters.held.load());
    assert_int_equal(bench.counters.queued_count.load(), 2);
    bench.one.begin_close();
    bench.one.drop_output();
    assert_int_equal(bench.counters.queued_count.load(), 0);
    assert_int_equal(bench.counters.pending_bytes.load(), 0);
    assert_lines(bench.said(), list{});
}

// --- the queue, as the application sees it
// ----------------------------------------------------------------------

void test_refused_when_full(void **) {
    // A frame of one byte is 22 bytes long.
    session_bench bench({.high_water_mark = 44,
                         .low_water_mark = 22,
                         .max_queued_bytes = 66,
                         .policy = drop_policy::drop_newest});
    bench.open();
    for (const char *text : {"a", "b", "c", "d", "e"})
        assert_true(bench.say(text));
    assert_false(bench.say("f"));
    assert_false(bench.say(""));
    assert_int_equal(bench.counters.pending_bytes.load(), 5 * 22);
    assert_int_equal(bench.counters.queued_count.load(), 3);
    assert_true(bench.one.send_accepted(make_frame(message_kind::binary, shared_bytes::copy(as_bytes("g"))),
                                        0, true));
    assert_int_equal(bench.counters.queued_count.load(), 4);

    assert_string_equal(cryo_test::describe(bench.take()).c_str(), "text 0 a");
    assert_string_equal(cryo_test::describe(bench.take()).c_str(), "text 1 b");
    assert_true(bench.take().empty()); // held
    assert_false(bench.say("f"));
    bench.one.flushed();
    assert_lines(bench.said(), list{"text 2 c", "text 3 d"});
    assert_lines(bench.said(), list{"text 4 e", "binary 5 g"});
    assert_true(bench.say("f"));
    assert_lines(bench.said(), list{"text 6 f"});
    assert_int_equal(bench.counters.pending_bytes.load(), 0);
    assert_false(bench.counters.held.load());
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_announced_when_the_peer_listens),
        cmocka_unit_test(test_announced_after_the_hello_wait),
        cmocka_unit_test(test_early_messages_follow_the_announcement_in_order),
        cmocka_unit_test(test_early_bytes_congest_until_the_announcement),
        cmocka_unit_test(test_early_empty_messages_congest_too),
        cmocka_unit_test(test_a_close_in_the_announcement_drops_the_early),
        cmocka_unit_test(test_closed_before_the_announcement),
        cmocka_unit_test(test_acknowledged_before_it_is_told),
        cmocka_unit_test(test_payloads_arrive_as_they_are),
        cmocka_unit_test(test_own_numbers_run_over_pings_and_data),
        cmocka_unit_test(test_numbers_wrap),
        cmocka_unit_test(test_control_goes_before_data),
        cmocka_unit_test(test_a_pong_is_never_sent_unasked),
        cmocka_unit_test(test_bytes_are_counted),
        cmocka_unit_test(test_bad_input),
        cmocka_unit_test(test_violations_are_limited),
        cmocka_unit_test(test_no_violation_allowed),
        cmocka_unit_test(test_answers_to_one_who_does_not_read_are_bounded),
        cmocka_unit_test(test_closing),
        cmocka_unit_test(test_closing_from_inside_a_message),
        cmocka_unit_test(test_dropped_output),
        cmocka_unit_test(test_refused_when_full),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
