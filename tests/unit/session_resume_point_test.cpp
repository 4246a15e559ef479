// What two ends say of their numbers at the upgrade.
#include "session/resume_point.h"

#include "cmocka.hpp"

using namespace cryo_core;

namespace {

void test_both_ways(void **) {
    for (const resume_point &point :
         {resume_point{}, resume_point{1, 0}, resume_point{0x0123456789abcdef, 17},
          resume_point{UINT64_MAX, UINT32_MAX}}) {
        const auto read = resume_point::parse(point.text());
        assert_true(read.has_value());
        assert_true(read->conversation == point.conversation);
        assert_int_equal(read->received, point.received);
    }
    assert_string_equal(resume_point{}.text().c_str(), "new");
    assert_string_equal((resume_point{0x0123456789abcdef, 17}.text().c_str()), "0123456789abcdef.17");
}

void test_what_is_none(void **) {
    for (const char *none : {"",
                             "New",
                             "new ",
                             "new.0",
                             "0123456789abcdef",
                             "0123456789abcdef.",
                             "0123456789abcdef.-1",
                             "0123456789abcdef.+1",
                             "0123456789abcdef. 1",
                             "0123456789abcdef.1 ",
                             "0123456789abcdef.4294967296",
                             "0123456789abcdef.1x",
                             "0123456789abcde.1",
                             "0123456789abcdef0.1",
                             "0000000000000000.1",
                             "0123456789abcdeg.1",
                             "+123456789abcdef.1",
                             "0x23456789abcdef.1",
                             ".1",
                             "."})
        assert_false(resume_point::parse(none).has_value());
    const std::string_view nul("0123456789abcdef.1\0", 19);
    assert_false(resume_point::parse(nul).has_value());
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways),
        cmocka_unit_test(test_what_is_none),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
