#include "upgrade/admission.h"

#include "cmocka.hpp"
#include "upgrade_heads.hpp"
#include "vectors.hpp"

using namespace cryo_core::upgrade;
using namespace cryo_test;

namespace {

request head_of(const std::string &text) {
    auto got = parse_head(text);
    if (got.last.state != head_state::complete)
        print_error("%d %s\n%s\n", got.last.status, got.last.what, text.c_str());
    assert_int_equal(got.last.state, head_state::complete);
    return got.head;
}

// The status that the steps of admission come to, with a validator that takes one token.
int admit(const request &head, std::string_view accepted_token) {
    if (const auto no = check_upgrade(head)) return no->status;
    const auto query = parse_query(head.query);
    const auto token = read_token(query);
    if (const auto *no = std::get_if<refusal>(&token)) return no->status;
    if (std::get<std::string>(token) != accepted_token) return 401;
    const auto sid = read_sid(query);
    if (const auto *no = std::get_if<refusal>(&sid)) return no->status;
    return 101;
}

void test_what_is_an_upgrade(void **) {
    struct {
        const char *name;
        std::string text;
        int status; // 0: it is one
    } const table[] = {
        {"as it should be", head_with(""), 0},
        {"extension offers are ignored", head_with("Sec-WebSocket-Extensions: permessage-deflate\r\n"), 0},
        {"a subprotocol offer is ignored", head_with("Sec-WebSocket-Protocol: chat\r\n"), 0},
        {"empty body", head_with("Content-Length: 0\r\n"), 0},
        {"plain GET", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 426},
        {"plain POST", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n", 426},
        {"upgrade by POST", head_with_line("POST / HTTP/1.1"), 426},
        {"method in lower case", head_with_line("get / HTTP/1.1"), 426},
        {"upgrade in HTTP/1.0", head_with_line("GET / HTTP/1.0"), 426},
        {"no Upgrade", head_replacing("Upgrade: websocket\r\n", ""), 426},
        {"another Upgrade", head_replacing("Upgrade: websocket", "Upgrade: h2c"), 426},
        {"no Connection", head_replacing("Connection: Upgrade\r\n", ""), 426},
        {"another Connection", head_replacing("Connection: Upgrade", "Connection: keep-alive"), 426},
        {"old version", head_replacing("Version: 13", "Version: 8"), 426},
        {"version that is no number", head_replacing("Version: 13", "Version: x"), 426},
        {"version with a zero in front", head_replacing("Version: 13", "Version: 013"), 426},
        {"no version", head_replacing("Sec-WebSocket-Version: 13\r\n", ""), 400},
        {"empty version", head_replacing("Version: 13", "Version:"), 400},
        {"no key", head_replacing("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""), 400},
        {"short key", head_replacing("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25j"), 400},
        {"long key", head_replacing("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQA="), 400},
        {"body by length", head_with("Content-Length: 3\r\n"), 400},
        {"body by encoding", head_with("Transfer-Encoding: chunked\r\n"), 400},
    };
    for (const auto &row : table) {
        const auto no = check_upgrade(head_of(row.text));
        const int status = no ? no->status : 0;
        if (status != row.status) print_error("%s\n", row.name);
        assert_int_equal(status, row.status);
        if (no) assert_false(no->body.empty());
    }
}

// A proxy that is not told to pass the upgrade on: the words are for who runs it.
void test_what_a_proxy_dropped(void **) {
    const auto words = [](const std::string &text) { return check_upgrade(head_of(text))->body; };
    const auto says = [&](const std::string &text, const char *what) {
        const std::string body = words(text);
        if (body.find(what) == std::string::npos) fail_msg("%s%s", text.c_str(), body.c_str());
    };
    says(head_with_line("GET / HTTP/1.0"), "HTTP/1.0");
    says(head_with_line("GET / HTTP/1.0"), "Upgrade and Connection");
    says("GET / HTTP/1.0\r\nHost: h\r\nConnection: close\r\nSec-WebSocket-Key: x\r\n\r\n",
         "HTTP/1.0"); // nginx
    says("GET / HTTP/1.0\r\nX-Forwarded-For: 1.1.1.1\r\n\r\n", "HTTP/1.0");
    for (const char *const mark : {"Via: 1.1 a", "X-Forwarded-For: 1.1.1.1", "Forwarded: for=a",
                                   "X-Real-IP: 1.1.1.1", "Sec-WebSocket-Version: 13"})
        says("GET / HTTP/1.1\r\nHost: h\r\n" + std::string(mark) + "\r\n\r\n", "pass both on");
    says(head_replacing("Upgrade: websocket\r\n", ""), "Upgrade: websocket");
    says(head_replacing("Connection: Upgrade\r\n", ""), "Connection: Upgrade");
    // Nobody between, nobody who asks for a WebSocket: a browser, a health check.
    says("GET / HTTP/1.1\r\nHost: h\r\n\r\n", "Connect to it with a WebSocket client");
    says("GET / HTTP/1.0\r\n\r\n", "Connect to it with a WebSocket client");
}

// What came after the protocol that is spoken here.
void test_other_dialects(void **) {
    const auto sid_words = [](std::string_view text) {
        const auto sid = read_sid(parse_query(text));
        const auto *no = std::get_if<refusal>(&sid);
        return no != nullptr ? std::to_string(no->status) + no->body : std::string();
    };
    for (const char *const query : {"x-cryo-sid=0", "x-cryo-sid=1234567890", "x-camp-sid=a",
                                    "x-camp-sid=1&x-cryo-sid=2", "a=b&x-camp-sid="}) {
        const std::string words = sid_words(query);
        if (!words.starts_with("400") || words.find("Cryo 3 or CAMP") == std::string::npos)
            fail_msg("%s: %s", query, words.c_str());
    }
    assert_true(sid_words("x-cryo-sid=8c6a1f0e").find("hexadecimal") != std::string::npos);
    const auto token = read_token(parse_query("x-camp-sid=1"));
    assert_int_equal(std::get<refusal>(token).status, 401);
    assert_true(std::get<refusal>(token).body.find("CAMP") != std::string::npos);
}

void test_head_gets_no_body(void **) {
    assert_true(check_upgrade(head_of("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"))->omit_body);
    assert_false(check_upgrade(head_of("GET / HTTP/1.1\r\nHost: h\r\n\r\n"))->omit_body);
}

void test_limit_of_parameters(void **) {
    const auto with = [](std::size_t count) {
        std::string target = "/?";
        for (std::size_t i = 0; i < count; ++i)
            target += "&a=" + std::to_string(i) + "&";
        return check_upgrade(head_of(head_with_line("GET " + target + " HTTP/1.1")));
    };
    assert_false(with(max_parameters - 1).has_value());
    assert_false(with(max_parameters).has_value());
    assert_int_equal(with(max_parameters + 1)->status, 400);
}

void test_tokens(void **) {
    struct {
        const char *query;
        const char *token; // null: refused
    } const table[] = {
        {"authorization=Bearer+tok", "tok"},
        {"a=b&authorization=Bearer%20tok&c=d", "tok"},
        {"authorization=Bearer+a+b", "a b"},
        {"authorization=Bearer+tok+", "tok "},
        {"authorization=Bearer+%E2%82%AC", "€"},
        {"authorization=Bearer+one&authorization=x", "one"},
        {"authorization=x&authorization=Bearer+one", nullptr},
        {"", nullptr},
        {"Authorization=Bearer+tok", nullptr},
        {"authorization=Basic+tok", nullptr},
        {"authorization=Bearer", nullptr},
        {"authorization=Bearer+", nullptr},
        {"authorization=Bearer%09tok", nullptr},
        {"authorization=+Bearer+tok", nullptr},
        {"authorization=BEARER+tok", nullptr},
        {"authorization=Bearer+%ff", nullptr},
        {"authorization=Bearer+%e2%82", nullptr},
        {"authorization=Bearer+tok%00en", nullptr}, // would be tok for a validator in C
    };
    for (const auto &row : table) {
        const auto got = read_token(parse_query(row.query));
        if (row.token == nullptr) {
            assert_true(std::holds_alternative<refusal>(got));
            assert_int_equal(std::get<refusal>(got).status, 401);
        } else {
            assert_true(std::holds_alternative<std::string>(got));
            assert_string_equal(std::get<std::string>(got).c_str(), row.token);
        }
    }
}

void test_sids(void **) {
    constexpr const char *text = "8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a";
    struct {
        const char *query;
        bool good;
    } const table[] = {
        {"x-cryo-sid=8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a", true},
        {"x-cryo-sid=8C6A1F0E-2B7D-4E93-A5C4-0F1E2D3C4B5A", true},
        {"x-cryo-sid=8c6a1f0e%2D2b7d-4e93-a5c4-0f1e2d3c4b5a", true},
        {"x-cryo-sid=8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a&x-cryo-sid=x", true},
        {"x-cryo-sid=x&x-cryo-sid=8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a", false},
        {"", false},
        {"x-cryo-sid", false},
        {"x-cryo-sid=", false},
        {"x-cryo-sid=8c6a1f0e2b7d4e93a5c40f1e2d3c4b5a", false},
        {"x-cryo-sid=+8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a", false},
        {"x-cryo-sid=8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a%00", false},
        {"x-cryo-sid=8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5g", false},
        {"X-Cryo-Sid=8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a", false},
    };
    for (const auto &row : table) {
        const auto got = read_sid(parse_query(row.query));
        assert_int_equal(std::holds_alternative<cryo_core::uuid>(got), row.good);
        if (row.good) {
            assert_string_equal(std::get<cryo_core::uuid>(got).text().c_str(), text);
        } else {
            assert_int_equal(std::get<refusal>(got).status, 400);
        }
    }
}

void test_order_of_the_refusals(void **) {
    const auto with = [](std::string_view target) {
        return admit(head_of(head_with_line("GET " + std::string(target) + " HTTP/1.1")), "tok");
    };
    assert_int_equal(with(plain_target), 101);
    assert_int_equal(with("/"), 401); // neither token nor sid: the token is asked for first
    assert_int_equal(with("/?x-cryo-sid=bad"), 401);
    assert_int_equal(with("/?authorization=Bearer+no&x-cryo-sid=bad"), 401);
    assert_int_equal(with("/?authorization=Bearer+tok&x-cryo-sid=bad"), 400);
    assert_int_equal(with("/?authorization=Bearer+tok"), 400);
    assert_int_equal(admit(head_of("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), "tok"), 426);
}

void test_no_text_holds_the_token(void **) {
    for (const char *query : {"authorization=Basic+SeCrEt", "authorization=BearerSeCrEt",
                              "authorization=Bearer+SeCrEt%ff", "authorization=bearer+SeCrEt"}) {
        const auto no = std::get<refusal>(read_token(parse_query(query)));
        assert_null(std::strstr(no.body.c_str(), "SeCrEt"));
    }
    const auto no = std::get<refusal>(read_sid(parse_query("authorization=Bearer+SeCrEt&x-cryo-sid=SeCrEt")));
    assert_null(std::strstr(no.body.c_str(), "SeCrEt"));
}

void test_the_application_sees_the_rest(void **) {
    const auto query =
        parse_query("authorization=Bearer+a&room=x&x-cryo-sid=s&room=y&authorization=Bearer+b&%ff=%fe");
    const parameters expected = {{"room", "x"}, {"x-cryo-sid", "s"}, {"room", "y"}, {"\ufffd", "\ufffd"}};
    assert_true(application_parameters(query) == expected);
}

std::string golden_head(const nlohmann::json &entry) {
    std::string text = entry["request_line"].get<std::string>() + "\r\n";
    for (const auto &header : entry["headers"])
        text += header.get<std::string>() + "\r\n";
    text.replace(text.find("PORT"), 4, "45550");
    text.replace(text.find("BASE64"), 6, rfc_key);
    return text + "\r\n";
}

void test_golden_requests(void **) {
    unsigned count = 0;
    for (const auto &entry : load_vectors("http.json", "requests")) {
        const auto head = head_of(golden_head(entry));
        assert_false(check_upgrade(head).has_value());
        assert_string_equal(head.host.c_str(), "127.0.0.1:45550");
        const auto query = parse_query(head.query);
        assert_string_equal(std::get<std::string>(read_token(query)).c_str(),
                            entry["token"].get<std::string>().c_str());
        assert_string_equal(std::get<cryo_core::uuid>(read_sid(query)).text().c_str(),
                            entry["sid"].get<std::string>().c_str());
        const auto rest = application_parameters(query);
        assert_int_equal(rest.size(), entry["additional"].size() + 1); // and the sid
        for (const auto &[name, value] : entry["additional"].items()) {
            assert_non_null(find(rest, name));
            assert_string_equal(find(rest, name)->c_str(), value.get<std::string>().c_str());
        }
        ++count;
    }
    assert_int_equal(count, 3);
}

void test_golden_answers(void **) {
    unsigned count = 0;
    for (const auto &entry : load_vectors("http.json", "answers")) {
        // Whether the sid is in use is beyond admission: up to there the duplicate is as good as any.
        const int expected = entry["name"] == "duplicate" ? 101 : entry["ours"].get<int>();
        const auto head = head_of(head_with_line(entry["request_line"].get<std::string>()));
        assert_int_equal(admit(head, "MySuperSecretToken"), expected);
        ++count;
    }
    assert_int_equal(count, 6);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_an_upgrade),
        cmocka_unit_test(test_what_a_proxy_dropped),
        cmocka_unit_test(test_other_dialects),
        cmocka_unit_test(test_head_gets_no_body),
        cmocka_unit_test(test_limit_of_parameters),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_sids),
        cmocka_unit_test(test_order_of_the_refusals),
        cmocka_unit_test(test_no_text_holds_the_token),
        cmocka_unit_test(test_the_application_sees_the_rest),
        cmocka_unit_test(test_golden_requests),
        cmocka_unit_test(test_golden_answers),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
