// RFC 6455 section by section: what each transcript must come to, for either end and however it is cut.
#include "cmocka.hpp"
#include "ws_frames.hpp"
#include "ws_recorder.hpp"

#include <random>
#include <string>
#include <vector>

using namespace cryo_core;
using namespace cryo_core::ws;
using cryo_test::length_form;
using cryo_test::wire_frame;
using state = enum parse_result::state;

namespace {

constexpr unsigned fin = 0x80, text = 1, binary = 2, close = 8, ping = 9, pong = 10, more = 0;

// What ends a transcript, beside the close codes of failures.
constexpr unsigned open = 0;   // between messages
constexpr unsigned inside = 1; // in the middle of one
constexpr unsigned closed = 2; // behind a close frame

struct rfc_case {
    const char *section;
    const char *what;
    std::vector<wire_frame> frames;
    std::vector<std::string> events;
    unsigned end = open;
};

std::string a(std::size_t size) {
    return std::string(size, 'a');
}
std::string binary_event(std::size_t size) {
    return "binary " + std::to_string(size) + ":" + a(size);
}
std::string close_payload(unsigned code, const std::string &reason = "") {
    return std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)} + reason;
}

std::vector<rfc_case> framing_cases() {
    return {
        {"5.2", "binary message", {{fin | binary, "abc"}}, {"binary 3:abc"}},
        {"5.2", "text message", {{fin | text, "Hello"}}, {"text 5:Hello"}},
        {"5.2", "empty binary message", {{fin | binary, ""}}, {"binary 0:"}},
        {"5.2", "empty text message", {{fin | text, ""}}, {"text 0:"}},
        {"5.2",
         "messages one after the other",
         {{fin | binary, "a"}, {fin | text, "b"}, {fin | binary, ""}, {fin | binary, "cd"}},
         {"binary 1:a", "text 1:b", "binary 0:", "binary 2:cd"}},
        {"5.2", "RSV1 without an extension", {{fin | 0x40 | binary, "a"}}, {}, 1002},
        {"5.2", "RSV2", {{fin | 0x20 | text, "a"}}, {}, 1002},
        {"5.2", "RSV3", {{fin | 0x10 | ping, ""}}, {}, 1002},
        {"5.2", "all reserved bits", {{fin | 0x70 | close, ""}}, {}, 1002},
        {"5.2", "RSV1 on a later fragment", {{binary, "a"}, {fin | 0x40 | more, "b"}}, {}, 1002},
        {"5.2", "reserved data opcode 3", {{fin | 3, "a"}}, {}, 1002},
        {"5.2", "reserved data opcode 4", {{fin | 4, ""}}, {}, 1002},
        {"5.2", "reserved data opcode 7", {{fin | 7, "a"}}, {}, 1002},
        {"5.2", "reserved control opcode 11", {{fin | 11, "a"}}, {}, 1002},
        {"5.2", "reserved control opcode 15", {{fin | 15, ""}}, {}, 1002},
        {"5.2",
         "what came before an error counts",
         {{fin | binary, "a"}, {fin | 5, ""}},
         {"binary 1:a"},
         1002},
        {"5.2", "nothing counts behind an error", {{fin | 5, ""}, {fin | binary, "a"}}, {}, 1002},
    };
}

std::vector<rfc_case> length_cases() {
    return {
        {"5.2", "125 bytes in 7 bits", {{fin | binary, a(125)}}, {binary_event(125)}},
        {"5.2", "126 bytes in 16 bits", {{fin | binary, a(126)}}, {binary_event(126)}},
        {"5.2", "127 bytes in 16 bits", {{fin | binary, a(127)}}, {binary_event(127)}},
        {"5.2", "65535 bytes in 16 bits", {{fin | binary, a(65535)}}, {binary_event(65535)}},
        {"5.2", "65536 bytes in 64 bits", {{fin | binary, a(65536)}}, {binary_event(65536)}},
        {"5.2", "0 bytes in 16 bits", {{fin | binary, "", length_form::two_bytes}}, {}, 1002},
        {"5.2", "125 bytes in 16 bits", {{fin | binary, a(125), length_form::two_bytes}}, {}, 1002},
        {"5.2", "126 bytes in 64 bits", {{fin | binary, a(126), length_form::eight_bytes}}, {}, 1002},
        {"5.2", "65535 bytes in 64 bits", {{fin | binary, a(65535), length_form::eight_bytes}}, {}, 1002},
        {"5.2",
         "most significant bit set",
         {{fin | binary, "", length_form::eight_bytes, 1ull << 63}},
         {},
         1002},
        {"5.2", "all bits set", {{fin | binary, "", length_form::eight_bytes, UINT64_MAX}}, {}, 1002},
        {"10.4",
         "63 bits, over the limit",
         {{fin | binary, "", length_form::eight_bytes, INT64_MAX}},
         {},
         1009},
        {"5.2", "payload still to come", {{fin | binary, "abc", length_form::shortest, 1}}, {}, inside},
    };
}

std::vector<rfc_case> masking_cases() {
    const auto shortest = length_form::shortest;
    return {
        {"5.1", "mask bit wrong for the role", {{fin | binary, "abc", shortest, 0, true}}, {}, 1002},
        {"5.1", "the same on an empty frame", {{fin | binary, "", shortest, 0, true}}, {}, 1002},
        {"5.1", "the same on a control frame", {{fin | ping, "a", shortest, 0, true}}, {}, 1002},
        {"5.1", "the same on a close frame", {{fin | close, "", shortest, 0, true}}, {}, 1002},
        {"5.1",
         "the same on a later frame",
         {{fin | binary, "a"}, {fin | binary, "b", shortest, 0, true}},
         {"binary 1:a"},
         1002},
        {"5.1",
         "the same on a later fragment",
         {{binary, "a"}, {fin | more, "b", shortest, 0, true}},
         {},
         1002},
    };
}

std::vector<rfc_case> fragment_cases() {
    return {
        {"5.4", "two fragments", {{text, "Hel"}, {fin | more, "lo"}}, {"text 5:Hello"}},
        {"5.4",
         "three, whose masks begin anew",
         {{binary, "a"}, {more, "bc"}, {fin | more, "def"}},
         {"binary 6:abcdef"}},
        {"5.4", "empty first", {{binary, ""}, {fin | more, "ab"}}, {"binary 2:ab"}},
        {"5.4", "empty last", {{binary, "ab"}, {fin | more, ""}}, {"binary 2:ab"}},
        {"5.4", "empty between", {{binary, "a"}, {more, ""}, {fin | more, "b"}}, {"binary 2:ab"}},
        {"5.4", "nothing but empty ones", {{text, ""}, {more, ""}, {fin | more, ""}}, {"text 0:"}},
        {"5.4",
         "message behind a fragmented one",
         {{text, "a"}, {fin | more, "b"}, {fin | binary, "c"}},
         {"text 2:ab", "binary 1:c"}},
        {"5.4", "the end still to come", {{binary, "a"}, {more, "b"}}, {}, inside},
        {"5.4", "only an empty beginning", {{binary, ""}}, {}, inside},
        {"5.4", "continuation of nothing, last", {{fin | more, "a"}}, {}, 1002},
        {"5.4", "continuation of nothing, not last", {{more, "a"}}, {}, 1002},
        {"5.4",
         "continuation of a whole message",
         {{fin | text, "a"}, {fin | more, "b"}},
         {"text 1:a"},
         1002},
        {"5.4",
         "continuation of an ended message",
         {{text, "a"}, {fin | more, "b"}, {more, "c"}},
         {"text 2:ab"},
         1002},
        {"5.4", "text inside a message", {{binary, "a"}, {fin | text, "b"}}, {}, 1002},
        {"5.4", "binary inside a message", {{text, "a"}, {fin | binary, "b"}}, {}, 1002},
        {"5.4", "unfinished message inside a message", {{binary, "a"}, {binary, "b"}}, {}, 1002},
        {"5.4",
         "ping between fragments",
         {{text, "a"}, {fin | ping, "p"}, {fin | more, "b"}},
         {"ping 1:p", "text 2:ab"}},
        {"5.4",
         "pong behind an empty fragment",
         {{binary, ""}, {fin | pong, "p"}, {fin | more, "b"}},
         {"pong 1:p", "binary 1:b"}},
        {"5.4",
         "control frames between all fragments",
         {{text, "ab"},
          {fin | ping, "1"},
          {more, "cd"},
          {fin | pong, a(125)},
          {fin | ping, ""},
          {fin | more, "ef"}},
         {"ping 1:1", "pong 125:" + a(125), "ping 0:", "text 6:abcdef"}},
        {"5.4",
         "close between fragments",
         {{text, "a"}, {fin | close, ""}, {fin | more, "b"}},
         {"close 1005:"},
         closed},
    };
}

std::vector<rfc_case> control_cases() {
    return {
        {"5.5", "ping of 125 bytes", {{fin | ping, a(125)}}, {"ping 125:" + a(125)}},
        {"5.5", "ping of 126 bytes", {{fin | ping, a(126)}}, {}, 1002},
        {"5.5", "pong of 126 bytes", {{fin | pong, a(126)}}, {}, 1002},
        {"5.5", "close of 126 bytes", {{fin | close, close_payload(1000, a(124))}}, {}, 1002},
        {"5.5", "ping of 65536 bytes", {{fin | ping, a(65536)}}, {}, 1002},
        {"5.5", "short ping with a long length", {{fin | ping, "a", length_form::two_bytes}}, {}, 1002},
        {"5.5", "fragmented ping", {{ping, "a"}, {fin | more, "b"}}, {}, 1002},
        {"5.5", "fragmented pong", {{pong, "a"}}, {}, 1002},
        {"5.5", "fragmented close", {{close, close_payload(1000)}}, {}, 1002},
        {"5.5.1", "close without a code", {{fin | close, ""}}, {"close 1005:"}, closed},
        {"5.5.1", "close with a code", {{fin | close, close_payload(1000)}}, {"close 1000:"}, closed},
        {"5.5.1",
         "close with a reason",
         {{fin | close, close_payload(1001, "bye")}},
         {"close 1001:bye"},
         closed},
        {"5.5.1",
         "close with the longest reason",
         {{fin | close, close_payload(4000, a(123))}},
         {"close 4000:" + a(123)},
         closed},
        {"5.5.1", "close with half a code", {{fin | close, "\x03"}}, {}, 1002},
        {"5.5.1",
         "data behind a close frame",
         {{fin | close, close_payload(1000)}, {fin | binary, "a"}},
         {"close 1000:"},
         closed},
        {"5.5.1",
         "an error behind a close frame",
         {{fin | close, ""}, {fin | 15, "a"}},
         {"close 1005:"},
         closed},
        {"5.5.1", "a second close frame", {{fin | close, ""}, {fin | close, ""}}, {"close 1005:"}, closed},
        {"5.5.2", "empty ping", {{fin | ping, ""}}, {"ping 0:"}},
        {"5.5.2", "ping with what is no text", {{fin | ping, "\xff\xfe"}}, {"ping 2:\xff\xfe"}},
        {"5.5.2", "two pings", {{fin | ping, "1"}, {fin | ping, "2"}}, {"ping 1:1", "ping 1:2"}},
        {"5.5.3", "pong unasked", {{fin | pong, "x"}}, {"pong 1:x"}},
    };
}

std::vector<rfc_case> close_code_cases() {
    std::vector<rfc_case> cases;
    for (const unsigned code : {1000u, 1001u, 1002u, 1003u, 1007u, 1008u, 1009u, 1010u, 1011u, 1012u, 1013u,
                                1014u, 3000u, 3999u, 4000u, 4999u})
        cases.push_back({"7.4",
                         "code for the wire",
                         {{fin | close, close_payload(code, "why")}},
                         {"close " + std::to_string(code) + ":why"},
                         closed});
    for (const unsigned code :
         {0u, 1u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 1100u, 2000u, 2999u, 5000u, 65535u})
        cases.push_back(
            {"7.4", "code not for the wire", {{fin | close, close_payload(code, "why")}}, {}, 1002});
    return cases;
}

std::vector<rfc_case> utf8_cases() {
    const std::string euro = "\xe2\x82\xac", smile = "\xf0\x9f\x98\x80";
    std::vector<rfc_case> cases = {
        {"5.6",
         "characters of each size",
         {{fin | text, "a\xc3\xa9" + euro + smile}},
         {"text 10:a\xc3\xa9" + euro + smile}},
        {"5.6", "U+0000", {{fin | text, std::string("a\0b", 3)}}, {"text 3:" + std::string("a\0b", 3)}},
        {"5.6", "a noncharacter", {{fin | text, "\xef\xbf\xbf"}}, {"text 3:\xef\xbf\xbf"}},
        {"5.6", "binary need not be text", {{fin | binary, "\xff\xc0"}}, {"binary 2:\xff\xc0"}},
        {"5.6",
         "binary fragments need not either",
         {{binary, "\xff"}, {fin | more, "\xc0"}},
         {"binary 2:\xff\xc0"}},
        {"8.1", "cut off at the end", {{fin | text, "a\xe2\x82"}}, {}, 1007},
        {"8.1",
         "cut off at the end of the last fragment",
         {{text, "a"}, {fin | more, "\xf0\x9f\x98"}},
         {},
         1007},
        {"8.1", "cut off, then an empty last fragment", {{text, "\xc3"}, {fin | more, ""}}, {}, 1007},
        {"8.1",
         "a character over two fragments",
         {{text, "\xe2\x82"}, {fin | more, "\xac"}},
         {"text 3:" + euro}},
        {"8.1",
         "a character over four, and a ping",
         {{text, "\xf0"}, {more, "\x9f"}, {fin | ping, "\xff"}, {more, "\x98"}, {fin | more, "\x80"}},
         {"ping 1:\xff", "text 4:" + smile}},
        {"8.1", "bad in an unfinished frame", {{fin | text, "a\xff", length_form::shortest, 100}}, {}, 1007},
        {"8.1", "bad in a fragment that is not the last", {{text, "\xed\xa0"}}, {}, 1007},
        {"8.1", "bad in the second fragment", {{text, "\xe2\x82"}, {more, "\x41"}}, {}, 1007},
        {"8.1",
         "half a character is no harm to the next message",
         {{fin | binary, "\xe2\x82"}, {fin | text, "a"}},
         {"binary 2:\xe2\x82", "text 1:a"}},
        {"5.5.1",
         "close reason beyond ASCII",
         {{fin | close, close_payload(1000, euro)}},
         {"close 1000:" + euro},
         closed},
        {"8.1", "close reason that is no text", {{fin | close, close_payload(1000, "a\xff")}}, {}, 1007},
        {"8.1", "close reason cut off", {{fin | close, close_payload(1000, "\xe2\x82")}}, {}, 1007},
        {"7.4", "bad code before bad reason", {{fin | close, close_payload(1005, "\xff")}}, {}, 1002},
    };
    for (const char *bad : {"\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe0\x9f\xbf",
                            "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\xaf", "\xf0\x8f\xbf\xbf",
                            "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff"}) {
        cases.push_back({"8.1", "bad text", {{fin | text, std::string("good ") + bad + " good"}}, {}, 1007});
        cases.push_back({"8.1", "bad text in fragments", {{text, bad}, {fin | more, "good"}}, {}, 1007});
        cases.push_back({"8.1", "bad close reason", {{fin | close, close_payload(1000, bad)}}, {}, 1007});
    }
    return cases;
}

void check(const rfc_case &expected, role receiver, const char *cut, const cryo_test::ws_outcome &got) {
    const bool failing = expected.end >= 1000;
    const state ends = failing ? state::failed : expected.end == closed ? state::stopped : state::more;
    if (got.events == expected.events && got.state == ends &&
        got.close_code == (failing ? expected.end : 0) && got.in_message == (expected.end == inside) &&
        got.what.empty() == !failing)
        return;
    std::string events;
    for (const auto &event : got.events)
        events += " [" + event.substr(0, 40) + "]";
    fail_msg("section %s, %s (%s, %s): state %d, code %d %s, in message %d, events%s", expected.section,
             expected.what, receiver == role::server ? "server" : "client", cut, static_cast<int>(got.state),
             got.close_code, got.what.c_str(), got.in_message, events.c_str());
}

void run_with_all_cuts(const rfc_case &expected, role receiver) {
    const parse_options options{.role = receiver, .accept_text = true};
    const std::string transcript = encode(expected.frames, receiver);
    const bytes_view input = as_bytes(transcript);
    check(expected, receiver, "whole", cryo_test::ws_run_whole(options, input));
    check(expected, receiver, "byte by byte", cryo_test::ws_run(options, input, [] { return 1; }));
    const std::size_t step = input.size() / 1000 + 1; // each cut in two, but for the long ones
    for (std::size_t first = 0; first < input.size(); first += step) {
        std::size_t next = first;
        check(expected, receiver, "in two",
              cryo_test::ws_run(options, input, [&] { return std::exchange(next, input.size()); }));
    }
    std::mt19937 random(6455);
    for (int run = 0; run < 50; ++run) {
        std::uniform_int_distribution<std::size_t> size(0, 1 + input.size() / (1u + random() % 8));
        check(expected, receiver, "at random",
              cryo_test::ws_run(options, input, [&] { return size(random); }));
    }
}

void run_all(const std::vector<rfc_case> &cases) {
    for (const auto &one : cases)
        for (const role receiver : {role::server, role::client})
            run_with_all_cuts(one, receiver);
}

} // namespace

static void test_framing(void **) {
    run_all(framing_cases());
}
static void test_lengths(void **) {
    run_all(length_cases());
}
static void test_masking(void **) {
    run_all(masking_cases());
}
static void test_fragments(void **) {
    run_all(fragment_cases());
}
static void test_control_frames(void **) {
    run_all(control_cases());
}
static void test_close_codes(void **) {
    run_all(close_code_cases());
}
static void test_utf8(void **) {
    run_all(utf8_cases());
}

static void test_the_examples_of_the_rfc(void **) { // section 5.7
    const auto events = [](role receiver, std::string_view bytes) {
        const parse_options options{.role = receiver, .accept_text = true};
        return cryo_test::ws_run_whole(options, as_bytes(bytes)).events;
    };
    using expected = std::vector<std::string>;
    assert_true(events(role::client, "\x81\x05Hello") == expected{"text 5:Hello"});
    assert_true(events(role::server, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58") ==
                expected{"text 5:Hello"});
    assert_true(events(role::client, "\x01\x03Hel\x80\x02lo") == expected{"text 5:Hello"});
    assert_true(events(role::client, "\x89\x05Hello") == expected{"ping 5:Hello"});
    assert_true(events(role::server, "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58") ==
                expected{"pong 5:Hello"});
    assert_true(events(role::client, std::string("\x82\x7e\x01\x00", 4) + a(256)) ==
                expected{binary_event(256)});
    assert_true(events(role::client, std::string("\x82\x7f\0\0\0\0\0\x01\0\0", 10) + a(65536)) ==
                expected{binary_event(65536)});
}

// Each transcript that ends well, in one stream, cut at random: no frame leaves a trace in the next.
static void test_all_good_cases_in_one_stream(void **) {
    std::string stream;
    std::vector<std::string> events;
    for (const auto &cases :
         {framing_cases(), length_cases(), fragment_cases(), control_cases(), utf8_cases()})
        for (const auto &one : cases)
            if (one.end == open) {
                stream += encode(one.frames, role::server);
                events.insert(events.end(), one.events.begin(), one.events.end());
            }
    const parse_options options{.accept_text = true};
    std::mt19937 random(1);
    for (int run = 0; run < 20; ++run) {
        std::uniform_int_distribution<std::size_t> size(0, run < 10 ? 40 : 70000);
        const auto got = cryo_test::ws_run(options, as_bytes(stream), [&] { return size(random); });
        assert_true(got.events == events);
        assert_true(got.state == state::more);
    }
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_framing),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_masking),
        cmocka_unit_test(test_fragments),
        cmocka_unit_test(test_control_frames),
        cmocka_unit_test(test_close_codes),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_the_examples_of_the_rfc),
        cmocka_unit_test(test_all_good_cases_in_one_stream),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
