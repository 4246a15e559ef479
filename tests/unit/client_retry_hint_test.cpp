#include "client/retry_hint.h"

#include "cmocka.hpp"

using cryo_core::from_ms;
using cryo_core::retry_hint;

namespace {

void test_what_is_a_hint(void **) {
    assert_int_equal(retry_hint("(retry in 1500 ms)"), from_ms(1500));
    assert_int_equal(retry_hint("Server shutdown. (retry in 1 ms)"), from_ms(1));
    assert_int_equal(retry_hint("(retry in 5 ms) twice (retry in 7 ms)"), from_ms(7));
    assert_int_equal(retry_hint("(retry in 3600000 ms)"), from_ms(3600000));
}

void test_what_is_none(void **) {
    for (const char *reason :
         {"", "Server shutdown.", "(retry in  ms)", "(retry in ms)", "(retry in", "(retry in 5 ms) ",
          "(retry in 5 ms", "(retry in 0 ms)", "(retry in -5 ms)", "(retry in +5 ms)", "(retry in 5.0 ms)",
          "(retry in 5 s)", "(retry in 3600001 ms)", " ms)", "(retry in 99999999999999999999999 ms)",
          "(retry in 0x10 ms)", "(Retry in 5 ms)"})
        assert_int_equal(retry_hint(reason), 0);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_a_hint),
        cmocka_unit_test(test_what_is_none),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
