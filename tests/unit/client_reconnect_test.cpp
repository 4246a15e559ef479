// When a client comes back, and how long it waits.
#include "client/reconnect.h"

#include "cmocka.hpp"

using namespace cryo_core;

namespace {

void test_what_is_worth_another_try(void **) {
    const loss worth[] = {
        {}, // nobody listens, no such host, a time-out
        {.http_status = 500},
        {.http_status = 503},
        {.code = 1000},
        {.code = 1001},
        {.code = 1006},
        {.code = 1011},
        {.code = 4002, .reason = "Out of memory."},
        {.code = 4000, .reason = "rekey"},
        {.code = 4000, .reason = "Server shutdown."},
        {.code = 4001, .reason = "No sign of life after a ping."},
        {.code = 4001, .reason = "Nothing of what was sent is taken."},
        {.code = 4011, .reason = "CALE handshake failed: it took too long."},
        {.code = 4011,
         .reason = "CALE handshake failed: no hello came; the server may not speak CALE.",
         .was_connected = true},
        {.code = 4001, .reason = "Token expired.", .another_token = true},
        {.http_status = 408},
        {.http_status = 425},
        {.http_status = 429},
        {.http_status = 404, .was_connected = true},
        {.http_status = 407, .was_connected = true},
        {.http_status = 409, .was_connected = true},
        {.http_status = 421, .was_connected = true},
        {.http_status = 409, .may_hold_id = true},
        {.http_status = 401, .another_token = true},
        {.http_status = 401, .was_connected = true, .another_token = true},
    };
    for (const loss &what : worth)
        assert_true(worth_another_try(what));
    const loss ends[] = {
        {.http_status = 400},
        {.http_status = 401},
        {.http_status = 403, .was_connected = true, .may_hold_id = true},
        {.http_status = 401, .was_connected = true},
        {.http_status = 404},
        {.http_status = 403, .another_token = true},
        {.http_status = 404, .may_hold_id = true},
        {.http_status = 407},
        {.http_status = 409},
        {.http_status = 421},
        {.http_status = 499},
        {.code = 4000, .reason = "Taken over."},
        {.code = 4001, .reason = "Too many malformed frames."},
        {.code = 4000},
        {.code = 4000, .reason = "Rekey"},
        {.code = 4001, .reason = "rekey"},
        {.code = 4001, .reason = "Token expired.", .was_connected = true},
        {.code = 4010},
        {.code = 4011},
        {.code = 4011, .reason = "CALE handshake failed: no hello came; the server may not speak CALE."},
        {.code = 4011, .reason = "CALE handshake failed: bad public key.", .was_connected = true},
    };
    for (const loss &what : ends)
        assert_false(worth_another_try(what));
}

constexpr reconnect_policy policy{.initial = 500, .max = 3000, .attempts = 9};

void test_the_longest_wait_doubles_up_to_the_maximum(void **) {
    const time_us longest[] = {500, 1000, 2000, 3000, 3000};
    for (std::uint32_t failures = 1; failures <= 5; ++failures) {
        const time_us most = longest[failures - 1];
        const auto span = static_cast<std::uint64_t>(most) + 1;
        assert_int_equal(reconnect_delay(policy, failures, 0), 0);
        assert_int_equal(reconnect_delay(policy, failures, span - 1), most);
        assert_int_equal(reconnect_delay(policy, failures, span), 0); // every number from 0 to the longest
        assert_in_range(reconnect_delay(policy, failures, UINT64_MAX), 0, most);
    }
    assert_in_range(reconnect_delay(policy, UINT32_MAX, UINT64_MAX), 0, policy.max);
}

void test_odd_policies(void **) {
    assert_int_equal(reconnect_delay({.initial = 0, .max = 0, .attempts = 1}, 7, UINT64_MAX), 0);
    assert_int_equal(reconnect_delay({.initial = 0, .max = 100, .attempts = 1}, 7, UINT64_MAX), 0);
    assert_in_range(reconnect_delay({.initial = 900, .max = 100, .attempts = 1}, 1, UINT64_MAX), 0, 100);
    const time_us year = from_ms(std::int64_t{1000} * 3600 * 24 * 365);
    assert_in_range(reconnect_delay({.initial = year, .max = year, .attempts = 1}, 100, UINT64_MAX), 0, year);
}

void test_the_wait_that_a_server_asks_for(void **) {
    const time_us asked = from_ms(2000);
    const reconnect_policy usual{.initial = from_ms(500), .max = from_ms(30000), .attempts = 9};
    assert_int_equal(reconnect_delay(usual, 1, 0, 7), reconnect_delay(usual, 1, 7)); // it asks for none
    assert_int_equal(reconnect_delay(usual, 1, asked, 0), asked);
    assert_in_range(reconnect_delay(usual, 1, asked, UINT64_MAX), from_ms(2900), from_ms(3000));
    // Not sooner than the back-off, and spread by no more than its longest wait.
    assert_int_equal(reconnect_delay(usual, 7, asked, from_ms(30000)), from_ms(30000));
    assert_in_range(reconnect_delay(usual, 1, from_ms(3'600'000), UINT64_MAX), from_ms(3'629'000),
                    from_ms(3'630'000));
    assert_int_equal(reconnect_delay({.initial = 0, .max = 0, .attempts = 1}, 1, asked, UINT64_MAX), asked);
    // Clients whose numbers differ come at different times.
    assert_true(reconnect_delay(usual, 1, asked, std::uint64_t{1} << 62) !=
                reconnect_delay(usual, 1, asked, std::uint64_t{1} << 63));
}

void test_how_long_a_connection_has_to_hold(void **) {
    assert_int_equal(time_to_hold(0), from_ms(5000));
    assert_int_equal(time_to_hold(from_ms(4999)), from_ms(5000));
    assert_int_equal(time_to_hold(from_ms(30000)), from_ms(30000));
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_worth_another_try),
        cmocka_unit_test(test_the_longest_wait_doubles_up_to_the_maximum),
        cmocka_unit_test(test_odd_policies),
        cmocka_unit_test(test_the_wait_that_a_server_asks_for),
        cmocka_unit_test(test_how_long_a_connection_has_to_hold),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
