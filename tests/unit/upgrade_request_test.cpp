#include "upgrade/request.h"

#include "cmocka.hpp"
#include "upgrade_heads.hpp"

using namespace cryo_core::upgrade;
using namespace cryo_test;

namespace {

request good(const std::string &text) {
    const auto got = parse_head(text);
    if (got.last.state != head_state::complete)
        print_error("%d %s\n%s\n", got.last.status, got.last.what, text.c_str());
    assert_int_equal(got.last.state, head_state::complete);
    assert_int_equal(got.consumed, text.size());
    return got.head;
}

void assert_text(const std::string &got, const char *expected) {
    assert_string_equal(got.c_str(), expected);
}

void test_all_fields(void **) {
    const auto head = good("GET /chat/room?a=1&b=%20?c HTTP/1.1\r\n"
                           "Host: example.com:8080\r\n"
                           "Upgrade: websocket\r\n"
                           "Connection: keep-alive, Upgrade\r\n"
                           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                           "Sec-WebSocket-Version: 13\r\n"
                           "Origin: https://example.com\r\n"
                           "User-Agent: a b/1.0 (c; d)\r\n\r\n");
    assert_text(head.method, "GET");
    assert_text(head.target, "/chat/room?a=1&b=%20?c");
    assert_text(head.path, "/chat/room");
    assert_text(head.query, "a=1&b=%20?c");
    assert_int_equal(head.http_minor, 1);
    assert_text(head.host, "example.com:8080");
    assert_true(head.upgrade_websocket && head.connection_upgrade);
    assert_false(head.has_body);
    assert_text(head.sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
    assert_text(head.sec_websocket_version, "13");
    assert_text(head.origin, "https://example.com");
    assert_text(head.user_agent, "a b/1.0 (c; d)");
}

void test_order_case_and_space_are_free(void **) {
    const auto head = good("GET / HTTP/1.1\r\n"
                           "SEC-WEBSOCKET-VERSION:13\r\n"
                           "x-other:\r\n"
                           "sec-websocket-key: \t dGhlIHNhbXBsZSBub25jZQ== \t \r\n"
                           "CONNECTION:\tuPGRADE\r\n"
                           "uPGRADE:WebSocket\r\n"
                           "hOST:\r\n\r\n");
    assert_true(head.upgrade_websocket && head.connection_upgrade);
    assert_text(head.sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
    assert_text(head.sec_websocket_version, "13");
    assert_text(head.host, "");
}

void test_lists_add_up(void **) {
    struct {
        const char *headers;
        bool upgrade, connection;
    } const table[] = {
        {"Connection: keep-alive\r\nConnection: Upgrade\r\n", false, true},
        {"Connection: Upgrade\r\nConnection: keep-alive\r\n", false, true},
        {"Connection: a,b ,\tupgrade\t, c\r\n", false, true},
        {"Connection: ,,upgrade,,\r\n", false, true},
        {"Connection: not-upgrade, upgraded\r\n", false, false},
        {"Connection: up grade\r\n", false, false},
        {"Connection:\r\n", false, false},
        {"Upgrade: h2c, websocket\r\n", true, false},
        {"Upgrade: h2c\r\nUpgrade: websocket\r\n", true, false},
        {"Upgrade: websocket/13\r\n", false, false},
        {"Upgrade: websockets\r\n", false, false},
    };
    for (const auto &row : table) {
        const auto head = good("GET / HTTP/1.1\r\nHost: h\r\n" + std::string(row.headers) + "\r\n");
        assert_int_equal(head.upgrade_websocket, row.upgrade);
        assert_int_equal(head.connection_upgrade, row.connection);
    }
}

void test_targets(void **) {
    struct {
        const char *target, *path, *query, *host;
    } const table[] = {
        {"/", "/", "", "localhost"},
        {"/?", "/", "", "localhost"},
        {"//a", "//a", "", "localhost"},
        {"/a/b%2Fc?x=y?z/", "/a/b%2Fc", "x=y?z/", "localhost"},
        {"/a{}|\\^`\"<>?\"[]", "/a{}|\\^`\"<>", "\"[]", "localhost"},
        {"http://h.example", "/", "", "h.example"},
        {"http://h.example?q", "/", "q", "h.example"},
        {"WS://h.example:81/p?q", "/p", "q", "h.example:81"},
        {"wss://[::1]:81/", "/", "", "[::1]:81"},
        {"https://h/p/", "/p/", "", "h"},
    };
    for (const auto &row : table) {
        const auto head = good(head_with_line("GET " + std::string(row.target) + " HTTP/1.1"));
        assert_text(head.target, row.target);
        assert_text(head.path, row.path);
        assert_text(head.query, row.query);
        assert_text(head.host, row.host);
    }
}

void test_the_host_of_the_target_wins(void **) {
    assert_text(good("GET http://one/ HTTP/1.1\r\nHost: two\r\n\r\n").host, "one");
}

void test_versions_and_methods(void **) {
    assert_int_equal(good("GET / HTTP/1.0\r\n\r\n").http_minor, 0);
    assert_int_equal(good("GET / HTTP/1.2\r\nHost: h\r\n\r\n").http_minor, 2);
    assert_text(good("POST / HTTP/1.1\r\nHost: h\r\n\r\n").method, "POST");
    assert_text(good("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n").method, "GET");
    assert_text(good(std::string(max_method_size, 'M') + " / HTTP/1.1\r\nHost: h\r\n\r\n").method,
                std::string(max_method_size, 'M').c_str());
}

void test_bodies_are_seen(void **) {
    assert_false(good(head_with("Content-Length: 0\r\n")).has_body);
    assert_false(good(head_with("Content-Length: 000\r\n")).has_body);
    assert_true(good(head_with("Content-Length: 1\r\n")).has_body);
    assert_true(good(head_with("Content-Length: 99999999999999999999999999\r\n")).has_body);
    assert_true(good(head_with("Transfer-Encoding: chunked\r\n")).has_body);
}

void test_bytes_behind_the_head_are_left(void **) {
    const std::string head = head_with("");
    request_parser parser;
    const std::string both = head + "\x82\x80GET / HTTP";
    const auto got = parser.feed(cryo_core::as_bytes(both));
    assert_int_equal(got.state, head_state::complete);
    assert_int_equal(got.consumed, head.size());
    const auto again = parser.feed(cryo_core::as_bytes(std::string_view(both).substr(head.size())));
    assert_int_equal(again.state, head_state::complete);
    assert_int_equal(again.consumed, 0);
}

void test_a_failure_stays(void **) {
    request_parser parser;
    assert_int_equal(parser.feed(cryo_core::as_bytes("GET /#")).status, 400);
    const auto again = parser.feed(cryo_core::as_bytes(head_with("")));
    assert_int_equal(again.state, head_state::failed);
    assert_int_equal(again.status, 400);
    assert_int_equal(again.consumed, 0);
}

// A head of just that many bytes.
std::string head_of_size(std::size_t size) {
    const std::string without = head_with("X: \r\n");
    return head_with("X: " + std::string(size - without.size(), 'x') + "\r\n");
}

void test_limit_of_the_head(void **) {
    for (const std::size_t limit : {std::size_t{512}, default_max_head}) {
        for (const std::size_t piece : {std::size_t{1}, SIZE_MAX}) {
            const auto below = parse_head(head_of_size(limit - 1), piece, limit);
            assert_int_equal(below.last.state, head_state::complete);
            const auto at = parse_head(head_of_size(limit), piece, limit);
            assert_int_equal(at.last.state, head_state::complete);
            const auto above = parse_head(head_of_size(limit + 1), piece, limit);
            assert_int_equal(above.last.state, head_state::failed);
            assert_int_equal(above.last.status, 431);
            assert_int_equal(above.consumed, limit);
        }
    }
}

void test_an_endless_header_ends(void **) {
    for (const char *begin : {"GET / HTTP/1.1\r\nX: ", "GET / HTTP/1.1\r\n"}) {
        const auto got = parse_head(begin + std::string(2 * default_max_head, 'x'), 1000);
        assert_int_equal(got.last.status, 431);
        assert_int_equal(got.consumed, default_max_head);
    }
}

void test_limit_of_the_target(void **) {
    const std::size_t limit = max_target_for(default_max_head);
    assert_int_equal(limit, 15872);
    for (const std::size_t size : {limit - 1, limit}) {
        const auto head = good(head_with_line("GET /" + std::string(size - 1, 'x') + " HTTP/1.1"));
        assert_int_equal(head.target.size(), size);
    }
    const auto above = parse_head(head_with_line("GET /" + std::string(limit, 'x') + " HTTP/1.1"));
    assert_int_equal(above.last.state, head_state::failed);
    assert_int_equal(above.last.status, 414);
}

void test_what_proxies_say(void **) {
    assert_false(good(head_with("")).by_proxy);
    for (const char *const mark :
         {"Via: 1.1 a", "X-Forwarded-Proto: https", "x-real-ip: 192.0.2.7", "X-Forwarded-Host: h"})
        assert_true(good(head_with(std::string(mark) + "\r\n")).by_proxy);
    const auto head = good(head_with("X-Forwarded-For: 1.1.1.1\r\nforwarded:  for=a \r\nA: b\r\n"
                                     "x-forwarded-for:2.2.2.2, 3.3.3.3\r\nFORWARDED: for=b;by=c\r\n"));
    assert_true(head.by_proxy);
    assert_string_equal(head.x_forwarded_for.c_str(), "1.1.1.1, 2.2.2.2, 3.3.3.3");
    assert_string_equal(head.forwarded.c_str(), "for=a, for=b;by=c");
}

void test_limit_of_the_header_count(void **) {
    const std::size_t given = 5; // in every head of these tests
    const auto with = [](std::size_t more) {
        std::string headers;
        for (std::size_t i = 0; i < more; ++i)
            headers += "a:b\r\n";
        return parse_head(head_with(headers));
    };
    assert_int_equal(with(max_header_count - given - 1).last.state, head_state::complete);
    assert_int_equal(with(max_header_count - given).last.state, head_state::complete);
    const auto above = with(max_header_count - given + 1);
    assert_int_equal(above.last.state, head_state::failed);
    assert_int_equal(above.last.status, 431);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_all_fields),
        cmocka_unit_test(test_order_case_and_space_are_free),
        cmocka_unit_test(test_lists_add_up),
        cmocka_unit_test(test_targets),
        cmocka_unit_test(test_the_host_of_the_target_wins),
        cmocka_unit_test(test_versions_and_methods),
        cmocka_unit_test(test_bodies_are_seen),
        cmocka_unit_test(test_bytes_behind_the_head_are_left),
        cmocka_unit_test(test_a_failure_stays),
        cmocka_unit_test(test_limit_of_the_head),
        cmocka_unit_test(test_an_endless_header_ends),
        cmocka_unit_test(test_limit_of_the_target),
        cmocka_unit_test(test_limit_of_the_header_count),
        cmocka_unit_test(test_what_proxies_say),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
