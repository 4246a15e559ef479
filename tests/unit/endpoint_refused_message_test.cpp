// Which message a peer has closed the connection for.
#include "endpoint/refused_message.h"

#include "cmocka.hpp"

#include <string>
#include <vector>

using namespace cryo_core;

namespace {

unsent_message message(message_kind kind, std::string_view text) {
    return {.frame = make_frame(kind, shared_bytes::copy(as_bytes(text))), .left = true};
}

unsent_message text(std::string_view content) {
    return message(message_kind::utf8, content);
}

unsent_message binary(std::string_view content) {
    return message(message_kind::binary, content);
}

using list = std::vector<unsent_message>;

void test_too_big_means_the_largest(void **) {
    refused_message refused;
    assert_int_equal(refused.find(1009, list{text("a"), binary("bbb"), text("cc")}), 1);
    assert_int_equal(refused.find(1009, list{text("a"), binary("bbb"), text("ccc")}),
                     1); // the oldest of them
    assert_int_equal(refused.find(1009, list{text("")}), 0);
    assert_int_equal(refused.find(1009, list{}), 0);
}

void test_not_utf8_means_a_text(void **) {
    refused_message refused;
    assert_int_equal(refused.find(1007, list{binary("\xff"), text("good"), text("\xff"), text("\xfe")}), 2);
    assert_int_equal(refused.find(1007, list{binary("\xff"), text("good"), text("too")}), 1);
    assert_int_equal(refused.find(1007, list{binary("\xff")}), 1); // none
}

void test_a_policy_means_one_that_was_there_before(void **) {
    refused_message refused;
    const list all{text("a"), text("b")};
    assert_int_equal(refused.find(1008, all), 2); // it may have had another cause
    assert_int_equal(refused.find(1008, all), 0);
    assert_int_equal(refused.find(1008, all), 2); // told once
    assert_int_equal(refused.find(1006, all), 2); // something else in between
    assert_int_equal(refused.find(1008, all), 2);
    assert_int_equal(refused.find(1008, list{text("a")}), 1); // another message with the same text
}

void test_only_what_has_left(void **) {
    refused_message refused;
    list all{text("a"), text("bbbb"), binary("cc")};
    all[1].left = all[2].left = false;
    assert_int_equal(refused.find(1009, all), 0);
    all[0].left = false;
    for (const int code : {1007, 1008, 1008, 1009})
        assert_int_equal(refused.find(static_cast<std::uint16_t>(code), all), 3);
}

void test_other_codes_mean_none(void **) {
    refused_message refused;
    const list all{text("a")};
    for (const int code : {1000, 1001, 1002, 1006, 1011, 4000, 4001, 4002})
        assert_int_equal(refused.find(static_cast<std::uint16_t>(code), all), 1);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_too_big_means_the_largest),
        cmocka_unit_test(test_not_utf8_means_a_text),
        cmocka_unit_test(test_a_policy_means_one_that_was_there_before),
        cmocka_unit_test(test_only_what_has_left),
        cmocka_unit_test(test_other_codes_mean_none),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
