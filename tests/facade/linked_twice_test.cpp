// cryo.hpp in two units of one program, twice in each: it links, and both mean the same types.
#include <cryo.hpp>

#include "facade_support.hpp"

void set_in_the_other_unit(const cryo::session &session);

static void test_units_share_their_types(void **) {
    cryo_test::mailbox<int> seen;
    cryo::server server(cryo_test::any_port(), cryo_test::accept_all);
    server.on_session([&](cryo::session session) {
        set_in_the_other_unit(session);
        seen.put(session.get<int>("number").value_or(0));
    });
    server.start();
    cryo_test::foreign_client client(server.port());
    assert_int_equal(seen.get(), 17);
}

int main() {
    const CMUnitTest tests[] = {cmocka_unit_test(test_units_share_their_types)};
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
