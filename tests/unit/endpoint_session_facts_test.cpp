// What came with a request, in one block: every text comes out as it went in.
#include "cmocka.hpp"
#include "endpoint/session_facts.h"

#include <string>

using namespace cryo_core;
using namespace std::string_view_literals;

namespace {

const uuid sid = *uuid::parse("8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a");

void test_nothing(void **) {
    const session_facts none;
    assert_true(none.token().empty() && none.remote_address().empty() && none.proxy_address().empty() &&
                none.path().empty());
    assert_int_equal(none.parameter_count(), 0);
    assert_false(none.parameter("a").has_value());
    assert_true(none.sid() == uuid());
    assert_false(none.peer());
}

void test_everything(void **) {
    const upgrade::parameters parameters = {
        {"room", "tea & biscuits"}, {"", "no name"}, {"empty", ""}, {"room", "another"}};
    const session_facts facts({.token = "a\0b"sv,
                               .remote_address = "[2001:db8::1]:54321",
                               .proxy_address = "10.0.0.1:80",
                               .path = "/p",
                               .parameters = parameters,
                               .sid = sid,
                               .peer = true});
    assert_true(facts.token() == "a\0b"sv);
    assert_true(facts.remote_address() == "[2001:db8::1]:54321");
    assert_true(facts.proxy_address() == "10.0.0.1:80");
    assert_true(facts.path() == "/p");
    assert_true(facts.sid() == sid);
    assert_true(facts.peer());
    assert_int_equal(facts.parameter_count(), 4);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const auto [name, value] = facts.parameter(i);
        assert_true(name == parameters[i].first && value == parameters[i].second);
        assert_int_equal(value.data()[value.size()], '\0'); // C's functions read on
    }
    assert_true(facts.parameter("room") == "tea & biscuits"); // the first of that name
    assert_true(facts.parameter("empty") == "");
    assert_true(facts.parameter("") == "no name");
    assert_false(facts.parameter("Room").has_value());
}

void test_sizes(void **) {
    for (std::size_t count = 0; count <= upgrade::max_parameters; ++count) {
        upgrade::parameters parameters;
        for (std::size_t i = 0; i < count; ++i)
            parameters.emplace_back(std::string(i, 'n'), std::string(3 * i, 'v'));
        session_facts facts({.token = std::string(count * 7, 't'),
                             .remote_address = "x",
                             .path = "",
                             .parameters = parameters,
                             .sid = {}});
        const session_facts moved = std::move(facts);
        assert_int_equal(moved.token().size(), count * 7);
        assert_int_equal(moved.parameter_count(), count);
        for (std::size_t i = 0; i < count; ++i)
            assert_true(moved.parameter(i).second == parameters[i].second);
        assert_false(moved.peer());
    }
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_everything),
        cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
