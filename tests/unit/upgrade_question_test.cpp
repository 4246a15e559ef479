#include "upgrade/question.h"

#include "base/bytes.h"
#include "cmocka.hpp"
#include "upgrade/foreign.h"
#include "upgrade_heads.hpp"

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

request asking(const std::string &line, const std::string &headers = "") {
    return head_of(line + "\r\nHost: h\r\n" + headers + "\r\n");
}

void test_what_is_asked(void **) {
    struct {
        std::string line;
        question asked;
    } const table[] = {
        {"GET /healthz HTTP/1.1", question::alive},
        {"HEAD /healthz HTTP/1.1", question::alive},
        {"OPTIONS /healthz HTTP/1.1", question::alive},
        {"POST /healthz HTTP/1.1", question::alive}, // and is told what it may do
        {"GET /healthz?verbose HTTP/1.1", question::alive},
        {"GET http://h/healthz HTTP/1.1", question::alive},
        {"GET /readyz HTTP/1.0", question::ready},
        {"GET /metrics HTTP/1.1", question::figures},
        {"GET / HTTP/1.1", question::ready},
        {"HEAD / HTTP/1.0", question::ready},
        {"OPTIONS / HTTP/1.0", question::ready},
        {"OPTIONS * HTTP/1.1", question::ready},
        {"OPTIONS * HTTP/1.0", question::ready},
        {"POST / HTTP/1.1", question::none},
        {"GET /?authorization=Bearer%20x HTTP/1.1", question::none},
        {"GET /healthz/ HTTP/1.1", question::none},
        {"GET /Healthz HTTP/1.1", question::none},
        {"GET /%68ealthz HTTP/1.1", question::none},
        {"GET //healthz HTTP/1.1", question::none},
        {"GET /elsewhere HTTP/1.1", question::none},
        {"OPTIONS /elsewhere HTTP/1.1", question::none},
    };
    for (const auto &row : table) {
        if (asked_by(asking(row.line)) != row.asked) print_error("%s\n", row.line.c_str());
        assert_true(asked_by(asking(row.line)) == row.asked);
    }
    assert_true(asked_by(head_of("OPTIONS / HTTP/1.0\r\n\r\n")) == question::ready); // as haproxy sends it
    assert_true(asked_by(head_of("OPTIONS * HTTP/1.0\r\n\r\n")) == question::ready);
}

void test_clients_ask_nothing_whatever_their_path(void **) {
    for (const char *path : {"/", "/healthz", "/readyz", "/metrics"}) {
        const std::string line = "GET " + std::string(path) + " HTTP/1.1";
        for (const char *word :
             {"Upgrade: websocket\r\n", "Sec-WebSocket-Key: x\r\n", "Sec-WebSocket-Version: 13\r\n"})
            assert_true(asked_by(asking(line, word)) == question::none);
        assert_true(asked_by(asking(line, "Upgrade: h2c\r\nConnection: keep-alive\r\n")) != question::none);
    }
}

void test_the_star_is_for_options_alone(void **) {
    for (const char *line :
         {"GET * HTTP/1.1", "OPTIONS ** HTTP/1.1", "OPTIONS *? HTTP/1.1", "OPTIONS x HTTP/1.1"}) {
        const auto got = parse_head(std::string(line) + "\r\nHost: h\r\n\r\n");
        assert_int_equal(got.last.state, head_state::failed);
        assert_int_equal(got.last.status, 400);
    }
}

void test_bearer(void **) {
    const auto bears = [](const std::string &value) {
        return has_bearer(asking("GET /metrics HTTP/1.1", "Authorization: " + value + "\r\n"), "secret");
    };
    assert_true(bears("Bearer secret"));
    assert_true(bears("bearer secret"));
    for (const char *value : {"Bearer", "Bearer ", "Bearer secre", "Bearer secrets", "Bearer Secret",
                              "Bearer  secret", "Basic secret", "secret", "Bearersecret"})
        assert_false(bears(value));
    assert_false(has_bearer(asking("GET /metrics HTTP/1.1"), "secret"));
}

void test_answers(void **) {
    assert_string_equal(answer_question(asking("GET / HTTP/1.1"), {.body = "ok\n"}).c_str(),
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\n"
                        "Cache-Control: no-store\r\nConnection: close\r\n\r\nok\n");
    const std::string head =
        answer_question(asking("HEAD / HTTP/1.1"), {503, "draining\n", "text/plain; charset=utf-8", 7});
    assert_non_null(std::strstr(head.c_str(), "HTTP/1.1 503 Service Unavailable\r\n"));
    assert_non_null(std::strstr(head.c_str(), "\r\nContent-Length: 9\r\n"));
    assert_non_null(std::strstr(head.c_str(), "\r\nRetry-After: 7\r\n"));
    assert_true(head.ends_with("\r\n\r\n"));
    assert_non_null(std::strstr(answer_question(asking("OPTIONS / HTTP/1.1"), {}).c_str(),
                                "\r\nAllow: GET, HEAD, OPTIONS\r\n"));
    assert_non_null(
        std::strstr(answer_question(asking("GET / HTTP/1.1"), {.status = 401, .body = "no\n"}).c_str(),
                    "\r\nWWW-Authenticate: Bearer\r\n"));
}

void test_a_proxy_that_asks_for_somebody_else(void **) {
    assert_false(asking("GET /metrics HTTP/1.1").by_proxy);
    for (const char *header :
         {"X-Forwarded-For: 192.0.2.1\r\n", "Forwarded: for=x\r\n", "Via: 1.1 p\r\n", "forwarded:\r\n"})
        assert_true(asking("GET /metrics HTTP/1.1", header).by_proxy);
}

void test_other_protocols(void **) {
    const auto names = [](std::string_view first) {
        return std::string(foreign_protocol(cryo_core::as_bytes(first)));
    };
    assert_true(names("PROXY TCP4 192.0.2.1").starts_with("the PROXY protocol"));
    assert_true(names(std::string_view("\r\n\r\n\0\r\nQUIT\n\x21", 13)).starts_with("the PROXY protocol"));
    assert_true(names("\x16\x03\x01\x02").starts_with("TLS"));
    assert_true(names("PRI * HTTP/2.0\r\n").starts_with("HTTP/2"));
    for (const char *first : {"", "\x16", "GET / HTTP/1.1", "PROXY", "\r\n\r\n"})
        assert_string_equal(names(first).c_str(), "");
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_asked),
        cmocka_unit_test(test_clients_ask_nothing_whatever_their_path),
        cmocka_unit_test(test_the_star_is_for_options_alone),
        cmocka_unit_test(test_bearer),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_a_proxy_that_asks_for_somebody_else),
        cmocka_unit_test(test_other_protocols),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
