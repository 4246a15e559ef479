#include "codec/decode.h"

#include "codec/encode.h"

#include "base/utf8.h"
#include "cmocka.hpp"
#include "vectors.hpp"

using namespace cryo_core;
using namespace cryo_core::codec;
using nlohmann::json;

namespace {

std::vector<std::uint8_t> bytes_of(const json &hex) {
    return cryo_test::from_hex(hex.get<std::string>());
}

void expect_golden(const json &entry, const std::vector<std::uint8_t> &message) {
    const auto got = decode(message);
    assert_int_equal(got.error, decode_error::none);
    assert_string_equal(got.value.sid.text().c_str(), entry["sid"].get<std::string>().c_str());
    assert_int_equal(got.value.number, entry["ack"].get<std::uint32_t>());
    assert_int_equal(got.number, got.value.number);
    assert_int_equal(got.value.type, entry["type"].get<int>());
    assert_int_equal(got.value.payload.size(), message.size() - header_size);
    assert_true(got.value.payload.data() == message.data() + header_size);
}

void test_golden_frames(void **) {
    unsigned ours = 0;
    for (const auto &entry : cryo_test::load_vectors("frames.json", "encode")) {
        if (entry["canonical_hex"].is_null()) continue;
        expect_golden(entry, bytes_of(entry["canonical_hex"]));
        ++ours;
    }
    assert_int_equal(ours, 31);
}

void test_frames_of_the_node_client(void **) {
    unsigned theirs = 0;
    for (const auto &entry : cryo_test::load_vectors("frames.json", "encode")) {
        if (!entry.contains("node_client_hex")) continue;
        const auto message = bytes_of(entry["node_client_hex"]);
        expect_golden(entry, message);
        // Cut short and filled up with zero bytes, and UTF-8 all the same.
        assert_true(utf8_valid(decode(message).value.payload));
        ++theirs;
    }
    assert_int_equal(theirs, 6);
}

// What the list calls ours, as far as the codec is the one to say it.
decode_error expected_error(const std::string &ours, frame_type type) {
    if (ours.starts_with("ok") || ours == "payload ignored") return decode_error::none;
    if (ours == "close 1007") return decode_error::none; // the session reads the text
    if (ours.starts_with("close 4011") && type == frame_type::client_hello) return decode_error::payload_size;
    assert_string_equal(ours.c_str(), "violation");
    return decode_error::too_short; // stands for any error
}

void test_golden_decode_list(void **) {
    unsigned count = 0;
    for (const auto &entry : cryo_test::load_vectors("frames.json", "decode")) {
        const auto message = bytes_of(entry["hex"]);
        const auto got = decode(message);
        const auto expected = expected_error(entry["ours"].get<std::string>(), got.value.type);
        assert_int_equal(got.error == decode_error::none, expected == decode_error::none);
        if (expected == decode_error::payload_size) assert_int_equal(got.error, expected);
        if (got.error == decode_error::none) {
            const auto &fields = entry["upstream"];
            assert_int_equal(got.value.number, fields["ack"].get<std::uint32_t>());
            assert_int_equal(got.value.type, fields["type"].get<int>());
            assert_string_equal(got.value.sid.text().c_str(), fields["sid"].get<std::string>().c_str());
        }
        ++count;
    }
    assert_int_equal(count, 15);
}

std::vector<std::uint8_t> message_of(std::uint8_t type, std::string_view payload, std::uint32_t number = 5) {
    std::vector<std::uint8_t> out(header_size + payload.size());
    write_frame(out.data(), {uuid{}, number, static_cast<frame_type>(type), as_bytes(payload)});
    return out;
}

void test_every_type_and_payload(void **) {
    const std::string key(public_key_size, '\4');
    struct {
        std::uint8_t type;
        std::string payload;
        decode_error error;
    } const table[] = {
        {0, "", decode_error::none},
        {0, "x", decode_error::payload_size},
        {0, "null", decode_error::payload_size},
        {1, "", decode_error::none},
        {1, "invalid_operation", decode_error::none},
        {1, "some words of another implementation", decode_error::none},
        {2, "ping", decode_error::none},
        {2, "pong", decode_error::none},
        {2, "", decode_error::payload_size},
        {2, "pin", decode_error::payload_size},
        {2, "pings", decode_error::payload_size},
        {2, "PING", decode_error::payload_size},
        {2, std::string("ping\0", 5), decode_error::payload_size},
        {3, "", decode_error::none},
        {3, "\xff", decode_error::none},
        {4, "", decode_error::none},
        {4, std::string(1000, '\0'), decode_error::none},
        {5, key, decode_error::none},
        {5, key.substr(1), decode_error::payload_size},
        {5, key + "x", decode_error::payload_size},
        {5, "", decode_error::payload_size},
        {6, key, decode_error::none},
        {6, key.substr(1), decode_error::payload_size},
        {6, key + "x", decode_error::payload_size},
        {6, "", decode_error::payload_size},
        {7, "null", decode_error::none},
        {7, "", decode_error::none},
        {7, "anything", decode_error::none},
        {8, "", decode_error::unknown_type},
        {0x80, "ping", decode_error::unknown_type},
        {0xff, "", decode_error::unknown_type},
    };
    for (const auto &row : table) {
        const auto message = message_of(row.type, row.payload);
        const auto got = decode(message);
        assert_int_equal(got.error, row.error);
        assert_int_equal(got.number, 5);
        const bool ordinary =
            row.error == decode_error::none && (row.type == 0 || row.type == 3 || row.type == 4);
        assert_int_equal(is_ordinary(message), ordinary);
        if (row.error == decode_error::unknown_type) continue;
        // Complete with a wrong payload too: the answer to a bad hello depends on its being one.
        assert_int_equal(got.value.type, row.type);
        assert_int_equal(got.value.payload.size(), row.payload.size());
    }
}

void test_number_of_what_is_cut_short(void **) {
    const auto message = message_of(4, "payload", 0x89abcdef);
    for (std::size_t size = 0; size < header_size; ++size) {
        const std::vector<std::uint8_t> cut(message.begin(),
                                            message.begin() + static_cast<std::ptrdiff_t>(size));
        const auto got = decode(cut);
        assert_int_equal(got.error, decode_error::too_short);
        assert_int_equal(got.number, size >= 20 ? 0x89abcdef : 0);
        assert_true(got.value.payload.empty());
    }
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_frames),
        cmocka_unit_test(test_frames_of_the_node_client),
        cmocka_unit_test(test_golden_decode_list),
        cmocka_unit_test(test_every_type_and_payload),
        cmocka_unit_test(test_number_of_what_is_cut_short),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
