#include "base/uuid.h"
#include "cmocka.hpp"

#include <cstring>
#include <string>
#include <unordered_set>

using cryo_core::uuid;

static void test_text_and_bytes_agree(void **) {
    const auto id = uuid::parse("8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a");
    assert_true(id.has_value());
    const std::uint8_t expected[16] = {0x8c, 0x6a, 0x1f, 0x0e, 0x2b, 0x7d, 0x4e, 0x93,
                                       0xa5, 0xc4, 0x0f, 0x1e, 0x2d, 0x3c, 0x4b, 0x5a};
    assert_memory_equal(id->bytes.data(), expected, sizeof expected);
    assert_string_equal(id->text().c_str(), "8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a");
}

static void test_case_does_not_matter(void **) {
    const auto lower = uuid::parse("abcdefab-cdef-abcd-efab-cdefabcdefab");
    const auto upper = uuid::parse("ABCDEFAB-CDEF-ABCD-EFAB-CDEFABCDEFAB");
    assert_true(lower.has_value() && upper.has_value());
    assert_true(*lower == *upper);
    assert_true(cryo_core::uuid_hash{}(*lower) == cryo_core::uuid_hash{}(*upper));
}

static void test_anything_else_is_refused(void **) {
    const char *const bad[] = {
        "",
        "8c6a1f0e",
        "8c6a1f0e2b7d4e93a5c40f1e2d3c4b5a",
        "{8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a}",
        "8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5",
        "8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a0",
        "8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5g",
        "8c6a1f0e-2b7d-4e93-a5c400f1e2d3c4b5a",
        "8c6a1f0-e2b7d-4e93-a5c4-0f1e2d3c4b5a",
        " c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a",
    };
    for (const char *text : bad)
        assert_false(uuid::parse(text).has_value());
}

static void test_random_ones_are_of_version_4(void **) {
    std::unordered_set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string text = uuid::random().text();
        assert_int_equal(text[14], '4');
        assert_non_null(std::strchr("89ab", text[19]));
        seen.insert(text);
    }
    assert_int_equal(seen.size(), 1000);
}

static void test_hash_spreads(void **) {
    std::unordered_set<std::size_t> seen;
    for (unsigned i = 0; i < 10000; ++i) {
        uuid id;
        cryo_core::store_be<std::uint32_t>(id.bytes.data() + 12, i);
        seen.insert(cryo_core::uuid_hash{}(id)&0xffff);
    }
    assert_true(seen.size() > 8500); // random spread over 65536 buckets leaves about 9270
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_text_and_bytes_agree),
        cmocka_unit_test(test_case_does_not_matter),
        cmocka_unit_test(test_anything_else_is_refused),
        cmocka_unit_test(test_random_ones_are_of_version_4),
        cmocka_unit_test(test_hash_spreads),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
