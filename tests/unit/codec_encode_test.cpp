#include "codec/encode.h"

#include "cmocka.hpp"
#include "vectors.hpp"

using namespace cryo_core;
using namespace cryo_core::codec;
using nlohmann::json;

namespace {

// What this project puts into a frame when nothing was given, by type.
std::string payload_without_text(frame_type type) {
    if (type == frame_type::error) return std::string(unknown_error_text);
    if (type == frame_type::handshake_done) return std::string(handshake_done_text);
    return {};
}

std::string payload_of(const json &entry, frame_type type) {
    if (entry.contains("payload_hex") && !entry["payload_hex"].is_null()) {
        const auto bytes = cryo_test::from_hex(entry["payload_hex"].get<std::string>());
        return {bytes.begin(), bytes.end()};
    }
    if (entry.contains("payload_text") && !entry["payload_text"].is_null())
        return entry["payload_text"].get<std::string>();
    return payload_without_text(type);
}

void test_golden_frames(void **) {
    unsigned compared = 0;
    for (const auto &entry : cryo_test::load_vectors("frames.json", "encode")) {
        if (entry["canonical_hex"].is_null()) continue; // nothing that this project would ever write
        const auto type = static_cast<frame_type>(entry["type"].get<int>());
        const std::string payload = payload_of(entry, type);
        const auto sid = uuid::parse(entry["sid"].get<std::string>());
        assert_true(sid.has_value());

        std::vector<std::uint8_t> out(header_size + payload.size());
        const auto size =
            write_frame(out.data(), {*sid, entry["ack"].get<std::uint32_t>(), type, as_bytes(payload)});
        assert_int_equal(size, out.size());
        const auto expected = entry["canonical_hex"].get<std::string>();
        assert_string_equal(cryo_test::to_hex(out).c_str(), expected.c_str());
        ++compared;
    }
    assert_int_equal(compared, 31);
}

void test_header_alone_is_the_front_of_the_frame(void **) {
    const auto sid = *uuid::parse("8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a");
    std::uint8_t frame_bytes[header_size + 3];
    assert_int_equal(write_frame(frame_bytes, {sid, 0x01020304, frame_type::utf8_data, as_bytes("abc")}), 24);
    std::uint8_t header[header_size + 1];
    header[header_size] = 0xee;
    write_header(header, sid, 0x01020304, frame_type::utf8_data);
    assert_memory_equal(header, frame_bytes, header_size);
    assert_int_equal(header[header_size], 0xee);
}

void test_payload_that_is_null_and_empty(void **) {
    std::uint8_t out[header_size];
    assert_int_equal(write_frame(out, {uuid{}, 1, frame_type::binary_data, bytes_view{}}), header_size);
    assert_int_equal(out[type_offset], 4);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_frames),
        cmocka_unit_test(test_header_alone_is_the_front_of_the_frame),
        cmocka_unit_test(test_payload_that_is_null_and_empty),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
