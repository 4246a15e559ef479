// The version functions against the header's macros, and the names of the statuses.
#include "app.h"

#include <stdio.h>
#include <string.h>

static void the_library_is_the_header_s(void **state) {
    (void)state;
    char text[32];
    snprintf(text, sizeof text, "%d.%d.%d", CRYO_VERSION_MAJOR, CRYO_VERSION_MINOR, CRYO_VERSION_PATCH);
    assert_string_equal(cryo_version_string(), text);
    assert_int_equal(cryo_version(),
                     CRYO_VERSION_MAJOR * 1000000 + CRYO_VERSION_MINOR * 1000 + CRYO_VERSION_PATCH);
    assert_int_equal(cryo_abi_version(), CRYO_ABI_VERSION);
    assert_ptr_equal(cryo_version_string(), cryo_version_string());
    static const char *const parts[] = {"compiler", "libwebsockets", "libuv", "plain connections over ",
                                        "mbedTLS",  "CALE over "};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; ++i)
        assert_non_null(strstr(cryo_build_info(), parts[i]));
    assert_ptr_equal(cryo_build_info(), cryo_build_info());
}

// Each status, and the test of this folder that produces it. CRYO_ERR_INTERNAL is a defect: whoever knows how
// to produce it mends it.
#define STATUS(name)                                                                                         \
    { name, #name }
static const struct {
    cryo_status status;
    const char *name;
} statuses[] = {
    STATUS(CRYO_OK),
    STATUS(CRYO_ERR_INVALID),   // all
    STATUS(CRYO_ERR_HANDLE),    // handles
    STATUS(CRYO_ERR_STATE),     // tickets, lifetime, own_loop, queue
    STATUS(CRYO_ERR_NO_MEMORY), // no_memory
    STATUS(CRYO_ERR_CLOSED),    // session_close, own_loop
    STATUS(CRYO_ERR_FULL),      // session_send
    STATUS(CRYO_ERR_TOO_BIG),   // session_send
    STATUS(CRYO_ERR_TIMEOUT),   // queue, lifetime
    STATUS(CRYO_ERR_NOT_FOUND), // session_facts, session_list
    STATUS(CRYO_ERR_BUFFER),    // session_facts
    STATUS(CRYO_ERR_ADDRESS),   // start, and the rest likewise
    STATUS(CRYO_ERR_ADDRESS_IN_USE),
    STATUS(CRYO_ERR_PERMISSION),
    STATUS(CRYO_ERR_TLS_FILE),
    STATUS(CRYO_ERR_TLS_CERTIFICATE),
    STATUS(CRYO_ERR_TLS_KEY),
    STATUS(CRYO_ERR_TLS_MISMATCH),
    STATUS(CRYO_ERR_TLS_EXPIRED),
    STATUS(CRYO_ERR_TLS),
    STATUS(CRYO_ERR_SYSTEM),
    STATUS(CRYO_ERR_UNSUPPORTED),
    STATUS(CRYO_ERR_INTERNAL),
    STATUS(CRYO_ERR_TOTAL_FULL),    // backpressure
    STATUS(CRYO_ERR_RECEIPTS_FULL), // receipts
    STATUS(CRYO_ERR_EXISTS),        // extensions
    STATUS(CRYO_ERR_RESOLVE),       // connecting, from here on
    STATUS(CRYO_ERR_CONNECT),
    STATUS(CRYO_ERR_HTTP),
    STATUS(CRYO_ERR_TLS_NAME),
    STATUS(CRYO_ERR_TLS_UNTRUSTED),
    STATUS(CRYO_ERR_TOKEN),
};

static void every_status_has_its_name(void **state) {
    (void)state;
    const int count = sizeof statuses / sizeof statuses[0];
    for (int i = 0; i < count; ++i) {
        assert_int_equal(statuses[i].status, i <= 25 ? -i : -i - 4); // -26 to -29 are free
        assert_string_equal(cryo_status_name(statuses[i].status), statuses[i].name);
    }
    static const cryo_status none[] = {1, CRYO_ERR_EXISTS - 1, CRYO_ERR_TOKEN - 1, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; ++i)
        assert_string_equal(cryo_status_name(none[i]), "CRYO_ERR_UNKNOWN");
}

static void *first_words(void *unused) {
    (void)unused;
    assert_string_equal(cryo_last_error(), "");
    expect_status(cryo_queue_new(NULL), CRYO_ERR_INVALID);
    assert_non_null(strstr(cryo_last_error(), "cryo_queue_new"));
    return NULL;
}

static void each_thread_has_its_own_last_words(void **state) {
    (void)state;
    expect_status(cryo_server_options_new(NULL), CRYO_ERR_INVALID);
    join(run(first_words, NULL));
    assert_non_null(strstr(cryo_last_error(), "cryo_server_options_new"));
    cryo_queue *queue = NULL;
    expect_ok(cryo_queue_new(&queue)); // success says nothing
    assert_non_null(strstr(cryo_last_error(), "cryo_server_options_new"));
    cryo_queue_free(queue);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_library_is_the_header_s),
        cmocka_unit_test(every_status_has_its_name),
        cmocka_unit_test(each_thread_has_its_own_last_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
