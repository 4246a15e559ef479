#include "cmocka.hpp"
#include "ws/build.h"
#include "ws_frames.hpp"
#include "ws_recorder.hpp"

#include <string>

using namespace cryo_core;
using namespace cryo_core::ws;
using state = enum parse_result::state;

constexpr masking_key key = {0x37, 0xfa, 0x21, 0x3d};

namespace {

std::string header_of(opcode code, std::uint64_t size, bool fin) {
    std::uint8_t out[max_header_size];
    return {reinterpret_cast<const char *>(out), write_header(out, code, size, fin)};
}

std::string masked_header_of(opcode code, std::uint64_t size, bool fin) {
    std::uint8_t out[max_header_size];
    return {reinterpret_cast<const char *>(out), write_masked_header(out, code, size, key, fin)};
}

std::string close_of(std::uint16_t code, std::string_view reason) {
    std::uint8_t out[max_control_frame_size];
    return {reinterpret_cast<const char *>(out), write_close(out, code, reason)};
}

} // namespace

// RFC 6455 section 5.5: at most 125 bytes, whatever is asked for.
static void test_control_frames(void **) {
    const std::string text(200, 'p');
    constexpr std::size_t sizes[] = {0, 1, 125, 126, 200};
    for (const std::size_t size : sizes) {
        std::uint8_t out[max_control_frame_size];
        const std::size_t written =
            write_control(out, opcode::pong, as_bytes(std::string_view(text).substr(0, size)));
        const cryo_test::wire_frame frame{.first = 0x8a,
                                          .payload = text.substr(0, std::min<std::size_t>(size, 125))};
        assert_true(std::string(reinterpret_cast<const char *>(out), written) ==
                    cryo_test::encode(frame, role::client));
    }
}

// RFC 6455 section 5.2: the shortest form of the length, at each border of the forms.
static void test_headers(void **) {
    const std::uint64_t sizes[] = {0,      1,       125,        126,        127,
                                   0xffff, 0x10000, 0xffffffff, 1ull << 32, (1ull << 63) - 1};
    const opcode codes[] = {opcode::continuation, opcode::text, opcode::binary, opcode::ping};
    for (const auto size : sizes)
        for (const auto code : codes)
            for (const bool fin : {true, false}) {
                const unsigned first = (fin ? 0x80u : 0u) | static_cast<unsigned>(code);
                const cryo_test::wire_frame frame{.first = first, .payload = {}, .more_declared = size};
                assert_true(header_of(code, size, fin) == cryo_test::encode(frame, role::client));
                assert_true(masked_header_of(code, size, fin) == cryo_test::encode(frame, role::server));
                assert_int_equal(header_of(code, size, fin).size(), header_size(size, false));
                assert_int_equal(masked_header_of(code, size, fin).size(), header_size(size, true));
            }
    assert_int_equal(header_size(UINT64_MAX, true), max_header_size);
}

static void test_the_examples_of_the_rfc(void **) { // section 5.7
    assert_true(header_of(opcode::text, 5, true) == "\x81\x05");
    assert_true(header_of(opcode::text, 3, false) == "\x01\x03");
    assert_true(header_of(opcode::continuation, 2, true) == "\x80\x02");
    assert_true(masked_header_of(opcode::text, 5, true) == "\x81\x85\x37\xfa\x21\x3d");
    assert_true(header_of(opcode::binary, 256, true) == std::string("\x82\x7e\x01\x00", 4));
    assert_true(header_of(opcode::binary, 65536, true) == std::string("\x82\x7f\0\0\0\0\0\x01\0\0", 10));
}

static void test_close(void **) { // section 5.5.1
    assert_true(close_of(1000, "") == "\x88\x02\x03\xe8");
    assert_true(close_of(4001, "late") == "\x88\x06\x0f\xa1late");
    assert_true(close_of(close_code::no_status, "lost") == std::string("\x88\x00", 2));
}

// Section 5.5: 125 bytes at most; section 5.5.1: the reason is UTF-8, so it is cut between characters.
static void test_close_reason_is_cut_between_characters(void **) {
    const std::string exact(max_reason_size, 'a');
    assert_true(close_of(1000, exact) == "\x88\x7d\x03\xe8" + exact);
    assert_true(close_of(1000, exact + "b") == "\x88\x7d\x03\xe8" + exact);
    const std::string characters[] = {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
    for (const auto &character : characters)
        for (std::size_t room = 0; room <= 5; ++room) {
            const std::string start(max_reason_size - room, 'a');
            const std::string kept = room >= character.size() ? start + character : start;
            const std::string frame = close_of(1000, start + character + character + character);
            assert_true(frame.substr(4).starts_with(kept));
            assert_true(frame.size() - 4 <= max_reason_size);
            assert_true(utf8_valid(as_bytes(frame).subspan(4)));
            assert_true(frame.size() - 4 + character.size() > max_reason_size);
            assert_int_equal(frame[1], frame.size() - 2);
        }
}

static void test_close_reason_ends_where_it_is_no_text(void **) {
    assert_true(close_of(1000, "so far\xff and no further") == "\x88\x08\x03\xe8so far");
    assert_true(close_of(1000, "\xc3") == "\x88\x02\x03\xe8");
}

static void test_whole_masked_frames(void **) {
    for (const std::size_t size : std::initializer_list<std::size_t>{0, 1, 125, 126, 65535, 65536})
        for (const bool fin : {true, false}) {
            const std::string payload(size, 'p');
            std::string out(size + max_header_size, '\0');
            out.resize(write_masked(reinterpret_cast<std::uint8_t *>(out.data()), opcode::binary,
                                    as_bytes(payload), key, fin));
            const cryo_test::wire_frame frame{.first = fin ? 0x82u : 0x02u, .payload = payload};
            assert_true(out == cryo_test::encode(frame, role::server));
        }
}

static void test_masked_close(void **) {
    const auto masked = [](std::uint16_t code, std::string_view reason) {
        std::uint8_t out[max_masked_close_frame_size];
        return std::string(reinterpret_cast<const char *>(out), write_masked_close(out, code, reason, key));
    };
    const auto encoded = [](std::string payload) {
        return cryo_test::encode(cryo_test::wire_frame{.first = 0x88, .payload = std::move(payload)},
                                 role::server);
    };
    assert_true(masked(1000, "") == encoded("\x03\xe8"));
    assert_true(masked(4001, "late") == encoded("\x0f\xa1late"));
    assert_true(masked(close_code::no_status, "lost") == encoded(""));
    assert_int_equal(masked(1000, std::string(200, 'a')).size(), max_masked_close_frame_size);
}

// What one end builds, the other parses.
static void test_round_trip(void **) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{125}, std::size_t{126},
                                   std::size_t{65535}, std::size_t{65536}}) {
        const std::string payload(size, 'x');
        const std::string plain = header_of(opcode::binary, size, true) + payload + close_of(4000, "bye");
        std::string masked = masked_header_of(opcode::binary, size, true);
        const std::size_t start = masked.size();
        masked.resize(start + size);
        copy_masked(reinterpret_cast<std::uint8_t *>(masked.data()) + start, as_bytes(payload), key, 0);
        const std::string expected = "binary " + std::to_string(size) + ":" + payload;

        parse_options options;
        auto outcome = cryo_test::ws_run_whole(options, as_bytes(masked));
        assert_int_equal(outcome.events.size(), 1);
        assert_true(outcome.events[0] == expected);
        options.role = role::client;
        outcome = cryo_test::ws_run_whole(options, as_bytes(plain));
        assert_int_equal(outcome.events.size(), 2);
        assert_true(outcome.events[0] == expected);
        assert_true(outcome.events[1] == "close 4000:bye");
    }
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_control_frames),
        cmocka_unit_test(test_the_examples_of_the_rfc),
        cmocka_unit_test(test_close),
        cmocka_unit_test(test_close_reason_is_cut_between_characters),
        cmocka_unit_test(test_close_reason_ends_where_it_is_no_text),
        cmocka_unit_test(test_whole_masked_frames),
        cmocka_unit_test(test_masked_close),
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
