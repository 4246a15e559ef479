// How connections are counted by address.
#include "server/service.h"

#include "cmocka.hpp"

using namespace cryo_core;

namespace {

constexpr net::address_key here{{1}}, there{{2}};

void test_an_address_has_no_more_than_its_limit(void **) {
    address_book book;
    assert_true(book.enter(here, 2));
    assert_true(book.enter(here, 2));
    assert_false(book.enter(here, 2));
    assert_true(book.enter(there, 1)); // each for itself
    assert_false(book.enter(there, 1));
}

void test_who_is_refused_does_not_count(void **) {
    address_book book;
    assert_true(book.enter(here, 1));
    for (int tries = 0; tries < 3; ++tries)
        assert_false(book.enter(here, 1));
    book.leave(here);
    assert_true(book.enter(here, 1));
    assert_false(book.enter(here, 1));
}

void test_leaving_where_nobody_is_changes_nothing(void **) {
    address_book book;
    book.leave(here);
    assert_true(book.enter(here, 1));
    assert_false(book.enter(here, 1));
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_an_address_has_no_more_than_its_limit),
        cmocka_unit_test(test_who_is_refused_does_not_count),
        cmocka_unit_test(test_leaving_where_nobody_is_changes_nothing),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
