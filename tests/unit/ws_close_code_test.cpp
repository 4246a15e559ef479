#include "cmocka.hpp"
#include "ws/close_code.h"

using namespace cryo_core::ws;

// RFC 6455 sections 7.4.1 and 7.4.2, and the registry that 11.7 founded.
static void test_what_a_peer_may_send(void **) {
    for (unsigned code = 0; code <= 0xffff; ++code) {
        bool expected = code >= 3000 && code <= 4999;
        for (const unsigned registered :
             {1000u, 1001u, 1002u, 1003u, 1007u, 1008u, 1009u, 1010u, 1011u, 1012u, 1013u, 1014u})
            if (code == registered) expected = true;
        if (may_be_received(static_cast<std::uint16_t>(code)) != expected) fail_msg("code %u", code);
    }
}

static void test_what_is_not_for_the_wire(void **) {
    for (const std::uint16_t code :
         {std::uint16_t{1004}, close_code::no_status, close_code::abnormal, std::uint16_t{1015}}) {
        assert_false(may_be_received(code));
        assert_false(may_be_sent(code));
    }
}

static void test_what_an_application_may_close_with(void **) {
    for (unsigned code = 0; code <= 0xffff; ++code) {
        const auto value = static_cast<std::uint16_t>(code);
        assert_int_equal(may_be_sent(value), may_be_received(value) && code != 1010);
    }
    assert_true(may_be_sent(close_code::normal));
    assert_true(may_be_sent(4000));
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_what_a_peer_may_send),
        cmocka_unit_test(test_what_is_not_for_the_wire),
        cmocka_unit_test(test_what_an_application_may_close_with),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
