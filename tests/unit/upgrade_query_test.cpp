#include "upgrade/query.h"

#include "cmocka.hpp"
#include "upgrade/admission.h"
#include "vectors.hpp"

using namespace cryo_core::upgrade;

namespace {

// The verdict that the vectors describe: {"token": text}, {"refused": true}.
bool agrees(const nlohmann::json &verdict, const std::variant<std::string, refusal> &got) {
    if (verdict.contains("refused")) return std::holds_alternative<refusal>(got);
    const auto *token = std::get_if<std::string>(&got);
    return token != nullptr && *token == verdict["token"].get<std::string>();
}

void test_golden_queries(void **) {
    unsigned count = 0;
    for (const auto &entry : cryo_test::load_vectors("query.json", "list")) {
        const auto query = parse_query(entry["query"].get<std::string>());
        const auto *value = find(query, "authorization");
        if (entry["decoded"].is_null()) {
            assert_null(value);
        } else {
            assert_non_null(value);
            assert_string_equal(replace_invalid_utf8(*value).c_str(),
                                entry["decoded"].get<std::string>().c_str());
        }

        const auto token = read_token(query);
        const auto &ours = entry["ours"];
        bool agreed = false;
        if (ours.contains("either")) {
            for (const auto &verdict : ours["either"])
                agreed = agreed || agrees(verdict, token);
        } else {
            agreed = agrees(ours, token);
        }
        if (!agreed) print_error("%s\n", entry["query"].get<std::string>().c_str());
        assert_true(agreed);
        if (const auto *no = std::get_if<refusal>(&token)) assert_int_equal(no->status, 401);
        ++count;
    }
    assert_int_equal(count, 19);
}

void test_decoding(void **) {
    struct {
        const char *query;
        parameters expected;
    } const table[] = {
        {"", {}},
        {"&", {}},
        {"&&a&&", {{"a", ""}}},
        {"a", {{"a", ""}}},
        {"=", {{"", ""}}},
        {"=b", {{"", "b"}}},
        {"a=b=c", {{"a", "b=c"}}},
        {"a=1&a=2&b=3", {{"a", "1"}, {"a", "2"}, {"b", "3"}}},
        {"a=1;b=2", {{"a", "1;b=2"}}},
        {"a%3Db=%26", {{"a=b", "&"}}},
        {"a+b=c+d", {{"a b", "c d"}}},
        {"a=%2b%2B%20", {{"a", "++ "}}},
        {"a=%", {{"a", "%"}}},
        {"a=%4", {{"a", "%4"}}},
        {"a=%4&b", {{"a", "%4"}, {"b", ""}}},
        {"a=%g0%0g%%41", {{"a", "%g0%0g%A"}}},
        {"a=%00b", {{"a", std::string("\0b", 2)}}},
        {"a=%ff", {{"a", "\xff"}}},
        {"a=?/:@", {{"a", "?/:@"}}},
    };
    for (const auto &row : table) {
        if (parse_query(row.query) != row.expected) print_error("%s\n", row.query);
        assert_true(parse_query(row.query) == row.expected);
        assert_int_equal(count_parameters(row.query), row.expected.size());
    }
}

void test_the_first_one_is_found(void **) {
    const auto query = parse_query("a=1&b=2&a=3&A=4");
    assert_string_equal(find(query, "a")->c_str(), "1");
    assert_string_equal(find(query, "A")->c_str(), "4");
    assert_null(find(query, "c"));
    assert_null(find(query, ""));
    assert_null(find({}, "a"));
}

void test_what_is_not_utf8_is_replaced(void **) {
    struct {
        std::string text, expected;
    } const table[] = {
        {"", ""},
        {"plain", "plain"},
        {"ü€𝄞", "ü€𝄞"},
        {"\xff", "\ufffd"},
        {"a\xff\xfe"
         "b",
         "a\ufffd\ufffdb"},
        {"\xe2\x82", "\ufffd"},                 // cut short: one mistake
        {"\xe2\x82x", "\ufffdx"},               // the byte that broke it stays
        {"\xe2\x82\xe2\x82\xac", "\ufffd€"},    // and may begin a character
        {"\xc0\xaf", "\ufffd\ufffd"},           // overlong
        {"\xed\xa0\x80", "\ufffd\ufffd\ufffd"}, // a surrogate
        {"\xf0\x9d\x84", "\ufffd"},
        {"\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd"}, // above U+10FFFF
        {std::string("\0x", 2), std::string("\0x", 2)},
    };
    for (const auto &row : table)
        assert_true(replace_invalid_utf8(row.text) == row.expected);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_queries),
        cmocka_unit_test(test_decoding),
        cmocka_unit_test(test_the_first_one_is_found),
        cmocka_unit_test(test_what_is_not_utf8_is_replaced),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
