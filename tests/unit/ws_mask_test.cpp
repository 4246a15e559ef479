#include "cmocka.hpp"
#include "ws/mask.h"

#include <cstring>
#include <string_view>
#include <vector>

using namespace cryo_core;
using namespace cryo_core::ws;

constexpr masking_key key = {0x37, 0xfa, 0x21, 0x3d};

namespace {

std::vector<std::uint8_t> pattern(std::size_t size) {
    std::vector<std::uint8_t> bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::uint8_t>(i * 7 + 3);
    return bytes;
}

// RFC 6455 section 5.3, word for word: octet i XOR key octet i MOD 4.
std::uint8_t masked(std::uint8_t byte, std::size_t i) {
    return static_cast<std::uint8_t>(byte ^ key[i % 4]);
}

} // namespace

static void test_the_example_of_the_rfc(void **) { // section 5.7
    std::uint8_t hello[] = {0x7f, 0x9f, 0x4d, 0x51, 0x58};
    apply_mask(hello, key, 0);
    assert_memory_equal(hello, "Hello", 5);
}

static void test_in_place_at_every_alignment_size_and_offset(void **) {
    for (std::size_t start = 0; start < 16; ++start)
        for (std::size_t size = 0; size <= 150; ++size)
            for (std::size_t offset = 0; offset < 9; ++offset) {
                const auto before = pattern(start + size + 8);
                auto bytes = before;
                apply_mask(bytes_mut(bytes).subspan(start, size), key, offset);
                for (std::size_t i = 0; i < bytes.size(); ++i) {
                    const bool inside = i >= start && i < start + size;
                    assert_int_equal(bytes[i], inside ? masked(before[i], offset + i - start) : before[i]);
                }
            }
}

static void test_copy_at_every_alignment_size_and_offset(void **) {
    for (std::size_t from = 0; from < 9; ++from)
        for (std::size_t to = 0; to < 9; ++to)
            for (std::size_t size = 0; size <= 70; ++size)
                for (std::size_t offset = 0; offset < 4; ++offset) {
                    const auto source = pattern(from + size);
                    std::vector<std::uint8_t> out(to + size + 8, 0xee);
                    copy_masked(out.data() + to, bytes_view(source).subspan(from), key, offset);
                    for (std::size_t i = 0; i < out.size(); ++i) {
                        const bool inside = i >= to && i < to + size;
                        assert_int_equal(out[i],
                                         inside ? masked(source[from + i - to], offset + i - to) : 0xee);
                    }
                }
}

static void test_offset_far_into_a_frame(void **) {
    std::uint8_t near[5] = {1, 2, 3, 4, 5};
    std::uint8_t far[5] = {1, 2, 3, 4, 5};
    apply_mask(near, key, 3);
    apply_mask(far, key, SIZE_MAX); // 3 mod 4, and the sum with it wraps around
    assert_memory_equal(near, far, sizeof near);
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_the_example_of_the_rfc),
        cmocka_unit_test(test_in_place_at_every_alignment_size_and_offset),
        cmocka_unit_test(test_copy_at_every_alignment_size_and_offset),
        cmocka_unit_test(test_offset_far_into_a_frame),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
