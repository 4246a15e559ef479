// The parser's limits, how early it speaks up, what memory it takes, and how it stops.
#include "cmocka.hpp"
#include "ws_frames.hpp"
#include "ws_recorder.hpp"

#include <string>
#include <vector>

using namespace cryo_core;
using namespace cryo_core::ws;
using cryo_test::length_form;
using cryo_test::wire_frame;
using state = enum parse_result::state;

namespace {

constexpr unsigned fin = 0x80, text = 1, binary = 2, close = 8, ping = 9, more = 0;

std::string a(std::size_t size) {
    return std::string(size, 'a');
}

cryo_test::ws_outcome run(const parse_options &options, const std::vector<wire_frame> &frames) {
    const std::string bytes = encode(frames, options.role);
    const auto whole = cryo_test::ws_run_whole(options, as_bytes(bytes));
    const auto singly = cryo_test::ws_run(options, as_bytes(bytes), [] { return 1; });
    assert_true(whole.same_as(singly));
    return whole;
}

void assert_good(const parse_options &options, const std::vector<wire_frame> &frames) {
    const auto outcome = run(options, frames);
    assert_true(outcome.state == state::more);
    assert_int_equal(outcome.events.size(), 1);
}

void assert_fails(const parse_options &options, const std::vector<wire_frame> &frames, unsigned code) {
    const auto outcome = run(options, frames);
    assert_true(outcome.state == state::failed);
    assert_int_equal(outcome.close_code, code);
    assert_int_equal(outcome.events.size(), 0);
}

std::vector<wire_frame> fragments(std::size_t count, const std::string &payload) {
    std::vector<wire_frame> frames(count, {more, payload});
    frames.front().first |= binary;
    frames.back().first |= fin;
    return frames;
}

// A parser and a transcript that it is fed with a piece at a time.
struct feeder {
    explicit feeder(const parse_options &options, std::vector<wire_frame> frames)
        : parser(options), bytes(encode(frames, options.role)) {}

    parse_result feed(std::size_t size) {
        std::vector<std::uint8_t> piece(bytes.begin() + static_cast<std::ptrdiff_t>(fed),
                                        bytes.begin() + static_cast<std::ptrdiff_t>(fed + size));
        const auto result = parser.feed(piece, recorder);
        fed += result.consumed;
        return result;
    }
    parse_result feed_rest() { return feed(bytes.size() - fed); }

    cryo_core::ws::parser parser;
    std::string bytes;
    cryo_test::ws_recorder recorder;
    std::size_t fed = 0;
};

} // namespace

static void test_max_message(void **) {
    for (const std::uint64_t limit : {0u, 1u, 125u, 126u, 1000u, 65535u, 65536u}) {
        const parse_options options{.max_message = limit};
        const auto size = static_cast<std::size_t>(limit);
        if (size > 0) assert_good(options, {{fin | binary, a(size - 1)}});
        assert_good(options, {{fin | binary, a(size)}});
        assert_fails(options, {{fin | binary, a(size + 1)}}, 1009);
    }
}

static void test_max_message_adds_up_fragments(void **) {
    const parse_options options{.max_message = 10};
    assert_good(options, {{binary, a(4)}, {more, a(4)}, {fin | more, a(1)}});
    assert_good(options, {{binary, a(4)}, {more, a(4)}, {fin | more, a(2)}});
    assert_fails(options, {{binary, a(4)}, {more, a(4)}, {fin | more, a(3)}}, 1009);
    assert_fails(options, {{binary, a(10)}, {fin | more, a(1)}}, 1009);
    assert_good(options, {{binary, a(10)}, {fin | more, ""}});
    // Control frames are no part of a message.
    const auto outcome = run(options, {{binary, a(5)}, {fin | ping, a(125)}, {fin | more, a(5)}});
    assert_int_equal(outcome.events.size(), 2);
    assert_fails(options, {{binary, "a"}, {fin | more, "", length_form::eight_bytes, INT64_MAX}}, 1009);
}

static void test_default_limits(void **) {
    const parse_options options;
    assert_int_equal(options.max_message, 16 * 1024 * 1024);
    assert_int_equal(options.max_fragments, 1024);
    const auto size = static_cast<std::size_t>(options.max_message);
    assert_fails(options, {{fin | binary, "", length_form::shortest, size + 1}}, 1009);
    const std::string bytes = encode(wire_frame{fin | binary, a(size)}, role::server);
    std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
    cryo_test::ws_recorder recorder;
    parser whole(options);
    assert_true(whole.feed(input, recorder).state == state::more);
    assert_int_equal(recorder.events.size(), 1);
    assert_true(recorder.events[0] == "binary 16777216:" + a(size));
}

static void test_no_limit_is_a_limit_too(void **) {
    const parse_options options{.max_message = UINT64_MAX};
    assert_good(options, {{fin | binary, a(70000)}});
    assert_fails(options, {{fin | binary, "", length_form::eight_bytes, INT64_MAX}}, 1009);
}

static void test_max_fragments(void **) {
    for (const std::uint32_t limit : {1u, 2u, 3u, 1024u}) {
        const parse_options options{.max_fragments = limit};
        for (const std::string &payload : {std::string(), std::string("a")}) {
            if (limit > 1) assert_good(options, fragments(limit - 1, payload));
            assert_good(options, fragments(limit, payload));
            const std::size_t brought = limit * payload.size() / 1024; // a KiB earns one
            if (brought > 0) assert_good(options, fragments(limit + brought, payload));
            assert_fails(options, fragments(limit + brought + 1, payload), 1008);
        }
    }
}

// So a message of the greatest size may come in pieces of a KiB, and what carries less needs more bytes.
static void test_fragments_are_earned_by_bytes(void **) {
    const parse_options options{.max_fragments = 4, .max_message = 1 << 20};
    const auto whole = [&](std::size_t count, std::size_t size) {
        std::string bytes = encode(fragments(count, a(size)), options.role);
        return cryo_test::ws_run_whole(options, as_bytes(bytes));
    };
    assert_int_equal(whole(1024, 1024).events.size(), 1);
    assert_int_equal(whole(7, 512).events.size(), 1);
    assert_int_equal(whole(8, 512).close_code, 1008); // 3584 bytes before the last one
    assert_int_equal(whole(6, 500).events.size(), 1);
    assert_int_equal(whole(8, 500).close_code, 1008);
    assert_int_equal(whole(5, 1023).events.size(), 1);
    assert_int_equal(whole(5, 255).close_code, 1008);
    const parse_options most{.max_fragments = UINT32_MAX};
    assert_good(most, fragments(100, a(100)));
}

static void test_fragments_are_counted_for_each_message(void **) {
    const parse_options options{.max_fragments = 2};
    const auto outcome =
        run(options, {{binary, "a"}, {fin | more, "b"}, {binary, "c"}, {fin | ping, ""}, {fin | more, "d"}});
    assert_true(outcome.state == state::more);
    assert_int_equal(outcome.events.size(), 3);
}

static void test_text_where_it_is_not_wanted(void **) {
    const parse_options options{.accept_text = false};
    assert_fails(options, {{fin | text, "a"}}, 1003);
    assert_fails(options, {{text, ""}}, 1003);
    assert_fails(options, {{binary, "a"}, {fin | text, "b"}}, 1002); // wrong for whoever takes text as well
}

// Each error is told at the byte that shows it, and what came before was accepted.
static void test_errors_come_early(void **) {
    struct early {
        std::vector<wire_frame> frames;
        std::size_t byte; // counted from 1
        unsigned code;
    };
    const parse_options options{.accept_text = true, .max_fragments = 2, .max_message = 1000};
    const auto shortest = length_form::shortest;
    const std::vector<early> cases = {
        {{{fin | 0x40 | binary, ""}}, 1, 1002},
        {{{fin | 3, ""}}, 1, 1002},
        {{{ping, ""}}, 1, 1002},
        {{{more, ""}}, 1, 1002},
        {{{binary, ""}, {binary, ""}}, 7, 1002},
        {{{binary, ""}, {more, ""}, {more, ""}}, 13, 1008},
        {{{fin | binary, "", shortest, 0, true}}, 2, 1002},
        {{{fin | ping, a(126)}}, 2, 1002},
        {{{fin | close, "a"}}, 2, 1002},
        {{{fin | binary, "", length_form::two_bytes, 125}}, 4, 1002},
        {{{fin | binary, "", shortest, 1001}}, 4, 1009},
        {{{fin | binary, "", length_form::eight_bytes, 65535}}, 10, 1002},
        {{{fin | binary, "", shortest, 65536}}, 10, 1009},
        {{{fin | binary, "", shortest, 1ull << 63}}, 10, 1002},
        {{{fin | text, "ab\xff", shortest, 10}}, 9, 1007},
        {{{fin | text, "ab\xed\xa0", shortest, 10}}, 10, 1007},
        {{{text, "\xe2\x82"}, {more, "a", shortest, 3}}, 15, 1007},
    };
    for (const auto &one : cases) {
        feeder parsing(options, one.frames);
        parsing.bytes += a(20);
        for (std::size_t i = 1; i < one.byte; ++i)
            assert_true(parsing.feed(1).state == state::more);
        const auto result = parsing.feed(1);
        assert_true(result.state == state::failed);
        assert_int_equal(result.close_code, one.code);
        assert_true(result.what[0] != '\0');
        assert_int_equal(parsing.parser.memory(), 0);
        const auto again = parsing.feed(5); // and it stays so
        assert_true(again.state == state::failed);
        assert_int_equal(again.close_code, one.code);
        assert_int_equal(again.consumed, 0);
    }
}

static void test_a_declared_length_takes_no_memory(void **) {
    const std::uint64_t sizes[] = {16 * 1024 * 1024, 1ull << 40, 1ull << 62};
    for (const unsigned first : {fin | binary, binary})
        for (const auto size : sizes) {
            const parse_options options{.max_message = UINT64_MAX};
            feeder parsing(options, {{first, "abc", length_form::shortest, size - 3}});
            if (size > SIZE_MAX / 4) { // is refused, to keep sums of sizes within their type
                assert_true(parsing.feed_rest().state == state::failed);
                continue;
            }
            assert_true(parsing.feed(14).state == state::more);
            assert_int_equal(parsing.parser.memory(), 0);
            assert_true(parsing.feed(3).state == state::more);
            assert_true(parsing.parser.memory() <= 256);
        }
}

static void test_memory_follows_what_has_arrived(void **) {
    const std::size_t size = 1 << 20;
    for (const bool whole_frame : {true, false}) {
        feeder parsing({}, {{whole_frame ? fin | binary : binary, a(size)},
                            {whole_frame ? fin | ping : fin | more, "a"}});
        std::size_t reallocations = 0;
        std::size_t memory = 0;
        while (parsing.fed + 1000 < size) {
            assert_true(parsing.feed(1000).state == state::more);
            assert_true(parsing.parser.memory() <= cryo_test::most_memory(parsing.fed));
            if (memory != parsing.parser.memory()) ++reallocations;
            memory = parsing.parser.memory();
        }
        assert_true(reallocations <= 12);
        if (whole_frame)
            assert_in_range(memory, size, rounded_block(size + 16)); // no more than the message in the end
        assert_true(parsing.feed_rest().state == state::more);
        assert_int_equal(parsing.parser.memory(), 0);
        assert_int_equal(parsing.recorder.events.size(), whole_frame ? 2 : 1);
    }
}

static void test_idle_parsers_hold_nothing(void **) {
    feeder parsing({.accept_text = true}, {{fin | ping, a(100)},
                                           {fin | text, a(300)},
                                           {binary, ""},
                                           {fin | ping, "between"},
                                           {fin | more, a(300)},
                                           {fin | close, "\x03\xe8way to go"}});
    const std::vector<std::string> expected = {"ping 100:" + a(100), "text 300:" + a(300), "ping 7:between",
                                               "binary 300:" + a(300), "close 1000:way to go"};
    assert_int_equal(parsing.parser.memory(), 0);
    std::size_t events = 0;
    while (parsing.fed < parsing.bytes.size()) {
        const auto result = parsing.feed(1);
        if (parsing.recorder.events.size() == events) continue;
        ++events; // an event has come with this byte
        assert_int_equal(parsing.parser.memory(), 0);
        assert_true(result.state == (events == expected.size() ? state::stopped : state::more));
    }
    assert_true(parsing.recorder.events == expected);
}

// What a whole frame carries is handed on from where it lies.
static void test_whole_frames_are_not_copied(void **) {
    class place final : public parse_handler {
      public:
        bool on_message(opcode, bytes_mut payload) override { return at = payload.data(), true; }
        bool on_ping(bytes_view payload) override { return at = payload.data(), true; }
        bool on_pong(bytes_view payload) override { return at = payload.data(), true; }
        bool on_close(std::uint16_t, std::string_view) override { return true; }
        const std::uint8_t *at = nullptr;
    };
    for (const unsigned first : {fin | binary, fin | text, fin | ping}) {
        const std::string bytes = encode(wire_frame{first, "payload"}, role::server);
        std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
        parser parsing({.accept_text = true});
        place handler;
        assert_true(parsing.feed(input, handler).state == state::more);
        assert_ptr_equal(handler.at, input.data() + 6);
        assert_int_equal(parsing.memory(), 0);
    }
}

// A handler that stops keeps the frames behind it: they come when the rest is fed.
static void test_stop_and_go_on(void **) {
    const std::vector<wire_frame> frames = {
        {fin | binary, "a"}, {fin | ping, "b"}, {text, "c"}, {fin | 10, "d"}, {fin | more, "e"}};
    feeder parsing({.accept_text = true}, frames);
    const std::vector<std::string> expected = {"binary 1:a", "ping 1:b", "pong 1:d", "text 2:ce"};
    for (std::size_t count = 1; count <= expected.size(); ++count) {
        parsing.recorder.stop_after = count;
        assert_true(parsing.feed_rest().state == state::stopped);
        assert_int_equal(parsing.recorder.events.size(), count);
        assert_int_equal(parsing.parser.in_message(), count == 3); // the pong comes inside the text
    }
    assert_true(parsing.recorder.events == expected);
    assert_int_equal(parsing.fed, parsing.bytes.size());
    assert_true(parsing.feed_rest().state == state::more);
}

static void test_nothing_is_consumed_behind_a_close_frame(void **) {
    feeder parsing({}, {{fin | close, ""}, {fin | binary, "a"}});
    const auto result = parsing.feed_rest();
    assert_true(result.state == state::stopped);
    assert_int_equal(result.consumed, 6);
    assert_int_equal(parsing.feed_rest().consumed, 0);
    assert_true(parsing.feed_rest().state == state::stopped);
    assert_int_equal(parsing.recorder.events.size(), 1);
}

static void test_a_close_frame_inside_a_message_gives_its_memory_back(void **) {
    feeder parsing({}, {{binary, a(1000)}, {fin | close, ""}});
    assert_true(parsing.feed(1000).state == state::more);
    assert_true(parsing.parser.memory() > 0);
    assert_true(parsing.feed_rest().state == state::stopped);
    assert_int_equal(parsing.parser.memory(), 0);
    assert_false(parsing.parser.in_message());
}

static void test_in_message(void **) {
    feeder parsing(
        {}, {{fin | ping, "a"}, {fin | binary, "b"}, {binary, ""}, {fin | ping, "c"}, {fin | more, "d"}});
    std::string inside;
    while (parsing.fed < parsing.bytes.size()) {
        assert_true(parsing.feed(1).state == state::more);
        inside += parsing.parser.in_message() ? '#' : '.';
    }
    assert_string_equal(inside.c_str(), "......." // a ping alone
                                        "######." // a message, its last byte ends it
                                        "######"  // a beginning
                                        "#######" // the ping inside
                                        "######.");
}

// What there is of a control frame is no progress of the message around it.
static void test_message_size(void **) {
    feeder parsing({}, {{binary, "ab"}, {fin | ping, "cdef"}, {more, "g"}, {fin | more, "hi"}});
    std::string sizes;
    while (parsing.fed < parsing.bytes.size()) {
        assert_true(parsing.feed(1).state == state::more);
        sizes += std::to_string(parsing.parser.message_size());
    }
    assert_string_equal(sizes.c_str(), "00000012"   // the beginning
                                       "2222222222" // the ping
                                       "2222223"
                                       "33333340"); // the last byte ends it
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_max_message),
        cmocka_unit_test(test_max_message_adds_up_fragments),
        cmocka_unit_test(test_default_limits),
        cmocka_unit_test(test_no_limit_is_a_limit_too),
        cmocka_unit_test(test_max_fragments),
        cmocka_unit_test(test_fragments_are_earned_by_bytes),
        cmocka_unit_test(test_fragments_are_counted_for_each_message),
        cmocka_unit_test(test_text_where_it_is_not_wanted),
        cmocka_unit_test(test_errors_come_early),
        cmocka_unit_test(test_a_declared_length_takes_no_memory),
        cmocka_unit_test(test_memory_follows_what_has_arrived),
        cmocka_unit_test(test_idle_parsers_hold_nothing),
        cmocka_unit_test(test_whole_frames_are_not_copied),
        cmocka_unit_test(test_stop_and_go_on),
        cmocka_unit_test(test_nothing_is_consumed_behind_a_close_frame),
        cmocka_unit_test(test_a_close_frame_inside_a_message_gives_its_memory_back),
        cmocka_unit_test(test_in_message),
        cmocka_unit_test(test_message_size),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
