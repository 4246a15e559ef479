// What Retry-After may look like.
#include "client/retry_after.h"

#include "cmocka.hpp"

using namespace cryo_core;

namespace {

constexpr std::int64_t now = 784111777; // Sun, 06 Nov 1994 08:49:37 GMT

void test_seconds(void **) {
    assert_int_equal(retry_after("0", now), 0);
    assert_int_equal(retry_after("1", now), from_ms(1000));
    assert_int_equal(retry_after("0120", now), from_ms(120'000));
    assert_int_equal(retry_after("3600", now), from_ms(3'600'000));
    for (const char *text : {"1 ", " 1", "\t1 \t"})
        assert_int_equal(retry_after(text, now), from_ms(1000));
    for (const char *text : {"3601", "999999", "99999999999999999999"})
        assert_int_equal(retry_after(text, now), from_ms(3'600'000)); // not believed
}

void test_dates(void **) {
    for (const char *text : {"Sun, 06 Nov 1994 08:50:07 GMT", " Sun, 06 Nov 1994 08:50:07 GMT ",
                             "Sunday, 06-Nov-94 08:50:07 GMT", "Sun Nov  6 08:50:07 1994"})
        assert_int_equal(retry_after(text, now), from_ms(30'000));
    assert_int_equal(retry_after("Sun Nov 13 08:50:07 1994", now), from_ms(3'600'000));
    assert_int_equal(retry_after("Sun, 06 Nov 1994 08:49:60 GMT", now), from_ms(23'000)); // a leap second
    for (const char *past : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:36 GMT",
                             "Thu, 01 Jan 1970 00:00:00 GMT", "Sunday, 06-Nov-45 08:50:07 GMT"})
        assert_int_equal(retry_after(past, now), 0);
    // Two digits of a year are those of the last 50 years and the next 50.
    assert_int_equal(retry_after("Friday, 06-Nov-44 08:50:07 GMT", now), from_ms(3'600'000));
    const std::int64_t eve = 946684770; // Fri, 31 Dec 1999 23:59:30 GMT
    assert_int_equal(retry_after("Sat, 01 Jan 2000 00:00:00 GMT", eve), from_ms(30'000));
    const std::int64_t before_leap_day = 951782370; // Mon, 28 Feb 2000 23:59:30 GMT
    assert_int_equal(retry_after("Tue, 29 Feb 2000 00:00:00 GMT", before_leap_day), from_ms(30'000));
}

void test_what_is_neither(void **) {
    for (const char *none : {"",
                             " ",
                             "-1",
                             "+1",
                             "1.5",
                             "1s",
                             "1 2",
                             "soon",
                             "Sun, 06 Nov 1994 08:50:07",
                             "Sun, 06 Nov 1994 08:50:07 UTC",
                             "Sun, 06 Nov 1994 08:50:07 GMT.",
                             "Son, 06 Nov 1994 08:50:07 GMT",
                             "Sun, 06 Nox 1994 08:50:07 GMT",
                             "Sun, 31 Nov 1994 08:50:07 GMT",
                             "Sun, 00 Nov 1994 08:50:07 GMT",
                             "Sun, 06 Nov 1994 24:50:07 GMT",
                             "Sun, 06 Nov 1994 08:60:07 GMT",
                             "Sun, 06 Nov 1994 08:50:61 GMT",
                             "Sun, 6 Nov 1994 08:50:07 GMT",
                             "Sun, 06 Nov 94 08:50:07 GMT",
                             "Sun Nov 6 08:50:07 1994",
                             "Sun Nov  6 08:50:07 1994 GMT",
                             "Sun, 06 Nov 1994 08:50:0",
                             "Sun, 06 Nov",
                             "Sun",
                             "06 Nov 1994 08:50:07 GMT"})
        assert_int_equal(retry_after(none, now), 0);
    const std::string_view nul("3\0", 2);
    assert_int_equal(retry_after(nul, now), 0);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_seconds),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_what_is_neither),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
