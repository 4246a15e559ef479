// A share of attempts for each address.
#include "server/attempt_limits.h"

#include "cmocka.hpp"

using namespace cryo_core;

namespace {

net::address_key address(std::uint32_t number) {
    net::address_key key;
    std::memcpy(key.bytes.data(), &number, sizeof number);
    return key;
}

void test_without_a_limit_nobody_waits(void **) {
    attempt_limit limit;
    limit.set(0, from_ms(1000));
    for (int i = 0; i < 1000; ++i)
        assert_int_equal(limit.take(address(1), 5), 0);
    assert_int_equal(limit.wait(address(1), 5), 0);
}

void test_what_is_used_up_comes_back_evenly(void **) {
    attempt_limit limit;
    limit.set(4, from_ms(1000));
    time_us now = from_ms(77);
    for (int i = 0; i < 4; ++i)
        assert_int_equal(limit.take(address(1), now), 0);
    assert_int_equal(limit.take(address(1), now), from_ms(250));
    assert_int_equal(limit.wait(address(1), now), from_ms(250));
    assert_int_equal(limit.take(address(2), now), 0); // another one's are his own
    now += from_ms(249);
    assert_int_equal(limit.take(address(1), now), from_ms(1)); // asking in vain costs nothing
    now += from_ms(1);
    assert_int_equal(limit.take(address(1), now), 0);
    assert_int_equal(limit.take(address(1), now), from_ms(250));
    now += from_ms(5000);
    for (int i = 0; i < 4; ++i)
        assert_int_equal(limit.take(address(1), now), 0);
    assert_true(limit.take(address(1), now) > 0);
}

void test_it_remembers_no_more_than_it_may(void **) {
    attempt_limit limit;
    limit.set(1, from_ms(1000));
    for (std::uint32_t i = 0; i < attempt_limit::max_addresses; ++i)
        assert_int_equal(limit.take(address(i), 0), 0);
    // Who is new does not count; who is known does.
    assert_int_equal(limit.take(address(1 << 20), 0), 0);
    assert_int_equal(limit.take(address(1 << 20), 0), 0);
    assert_true(limit.take(address(7), 0) > 0);
    // Until those are forgotten that have nothing used up.
    assert_int_equal(limit.take(address(1 << 20), from_ms(2000)), 0);
    assert_true(limit.take(address(1 << 20), from_ms(2000)) > 0);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_without_a_limit_nobody_waits),
        cmocka_unit_test(test_what_is_used_up_comes_back_evenly),
        cmocka_unit_test(test_it_remembers_no_more_than_it_may),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
