// The number of a descriptor that libwebsockets closes twice.
#include "net/lws_wake.h"

#include "cmocka.hpp"

#include <fcntl.h>
#include <libwebsockets.h>
#include <unistd.h>

using namespace cryo_core::net;

namespace {

#if LWS_LIBRARY_VERSION_NUMBER < 4002000

struct with_loop {
    with_loop() { assert_int_equal(uv_loop_init(&loop), 0); }
    with_loop(const with_loop &) = delete;
    with_loop &operator=(const with_loop &) = delete;
    ~with_loop() { uv_loop_close(&loop); }
    uv_loop_t loop{};
};

bool is_open(int descriptor) {
    return fcntl(descriptor, F_GETFD) != -1;
}

void test_a_free_number_is_taken(void **) {
    with_loop at;
    const int number = dup(STDERR_FILENO);
    close(number);
    assert_true(hold_for_second_close(number, at.loop));
    assert_true(is_open(number));
    close(number);
}

void test_what_somebody_keeps_is_left_alone(void **) {
    with_loop at;
    const int number = dup(STDERR_FILENO);
    const int above = dup(STDERR_FILENO);
    close(above);
    assert_false(hold_for_second_close(number, at.loop));
    assert_true(is_open(number));
    assert_false(is_open(above)); // nothing stays behind from the attempts
    close(number);
}

#endif

void test_none_is_needed(void **) {
    uv_loop_t unused{};
    assert_true(hold_for_second_close(-1, unused));
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
#if LWS_LIBRARY_VERSION_NUMBER < 4002000
        cmocka_unit_test(test_a_free_number_is_taken),
        cmocka_unit_test(test_what_somebody_keeps_is_left_alone),
#endif
        cmocka_unit_test(test_none_is_needed),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
