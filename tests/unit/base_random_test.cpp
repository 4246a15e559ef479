#include "base/random.h"
#include "cmocka.hpp"

#include <algorithm>
#include <array>
#include <vector>

using namespace cryo_core;

static void test_fills_all_and_no_more(void **) {
    for (std::size_t size = 0; size < 40; ++size) {
        std::vector<std::uint8_t> bytes(size + 8, 0xee);
        std::vector<bool> changed(size, false);
        for (int i = 0; i < 20; ++i) {
            fill_random(bytes_mut(bytes).first(size));
            for (std::size_t at = 0; at < size; ++at)
                if (bytes[at] != 0xee) changed[at] = true;
        }
        assert_true(std::all_of(changed.begin(), changed.end(), [](bool c) { return c; }));
        assert_true(std::all_of(bytes.end() - 8, bytes.end(), [](std::uint8_t b) { return b == 0xee; }));
    }
}

static void test_never_the_same(void **) {
    std::array<std::uint8_t, 32> a{};
    std::array<std::uint8_t, 32> b{};
    fill_random(a);
    fill_random(b);
    assert_true(a != b);
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_fills_all_and_no_more),
        cmocka_unit_test(test_never_the_same),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
