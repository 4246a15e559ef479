#include "upgrade/origin.h"

#include "upgrade/header_block.h"

#include "cmocka.hpp"

using namespace cryo_core::upgrade;

namespace {

void test_what_is_the_same_is_equal(void **) {
    for (const auto *const text : {"https://example.com", "HTTPS://EXAMPLE.com", "https://example.com:443",
                                   "https://example.com:0443"})
        assert_string_equal(normal_origin(text).value().c_str(), "https://example.com");
    assert_string_equal(normal_origin("http://a:80").value().c_str(), "http://a");
    assert_string_equal(normal_origin("http://a:443").value().c_str(), "http://a:443");
    assert_string_equal(normal_origin("https://[2001:DB8::1]:8443").value().c_str(),
                        "https://[2001:db8::1]:8443");
    assert_string_equal(normal_origin("http://[::1]").value().c_str(), "http://[::1]");
    assert_string_equal(normal_origin("moz-extension://5f2c-77").value().c_str(), "moz-extension://5f2c-77");
    assert_string_equal(normal_origin("null").value().c_str(), "null");
}

void test_what_is_none(void **) {
    for (const auto *const text : {"",
                                   "Null",
                                   "a",
                                   "//a",
                                   "1http://a",
                                   "http://",
                                   "http://a/",
                                   "http://a?b",
                                   "http://a#b",
                                   "http://a@b",
                                   "http://a b",
                                   "http://a:",
                                   "http://a:b",
                                   "http://a:123456",
                                   "http://[::1",
                                   "http://[]",
                                   "http://[g]",
                                   "http://\xc3\xa4",
                                   "http://*.a",
                                   "http://a http://b",
                                   "ht tp://a"})
        assert_false(normal_origin(text).has_value());
}

void test_who_may(void **) {
    const std::vector<std::string> allowed{"https://a", "null"};
    assert_true(origin_is_allowed(allowed, ""));
    assert_true(origin_is_allowed(allowed, "https://A:443"));
    assert_true(origin_is_allowed(allowed, "null"));
    assert_false(origin_is_allowed(allowed, "https://b"));
    assert_false(origin_is_allowed(allowed, "rubbish"));
    assert_true(origin_is_allowed({}, "rubbish"));
}

void test_headers_are_found_by_name(void **) {
    header_block all;
    assert_false(all.value("a").has_value());
    for (const auto &[name, value] : {std::pair{"A", "1"}, {"Cookie", "x=1"}, {"a", ""}, {"COOKIE", "y"}}) {
        all.add_name(name);
        all.add_value(value);
    }
    assert_string_equal(all.value("a").value().c_str(), "1, ");
    assert_string_equal(all.value("cookie").value().c_str(), "x=1; y");
    assert_false(all.value("").has_value());
    assert_false(all.value("A:1").has_value());
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_the_same_is_equal),
        cmocka_unit_test(test_what_is_none),
        cmocka_unit_test(test_who_may),
        cmocka_unit_test(test_headers_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
