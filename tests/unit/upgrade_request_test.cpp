#include "upgrade/request.h"

#include "cmocka.hpp"
#include "upgrade_heads.hpp"

#include <vector>

using namespace cryo_core::upgrade;
using namespace test_support;

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

struct bad_head {
    const char *name;
    std::string text;
    int status;
};

std::string line(std::string_view request_line) {
    return head_with_line(request_line);
}

// Each rule once. The last byte given is the one that settles it.
const std::vector<bad_head> &bad_heads() {
    static const std::vector<bad_head> all = {
        {"tls hello", "\x16", 0},
        {"binary", std::string(1, '\0'), 0},
        {"high byte", "\x80", 0},
        {"space first", " ", 0},
        {"line feed first", "\n", 0},
        {"two empty lines", "\r\n\r", 0},
        {"carriage return alone first", "\rG", 0},
        {"no target", "GET\r", 400},
        {"bad character in the method", "GE(", 400},
        {"zero in the method", std::string("GE\0", 3), 400},
        {"line feed in the method", "GET\n", 400},
        {"method too long", std::string(max_method_size + 1, 'M'), 501},
        {"empty target", "GET  ", 400},
        {"target without a slash", "GET a ", 400},
        {"asterisk form", "OPTIONS * ", 400},
        {"authority form", "CONNECT a:1 ", 400},
        {"unknown scheme", "GET ftp://a/ ", 400},
        {"absolute form without a host", "GET http:///a ", 400},
        {"absolute form with user information", "GET http://a@b/ ", 400},
        {"fragment", "GET /#", 400},
        {"tab in the target", "GET /\t", 400},
        {"line end in the target", "GET /\r", 400},
        {"line feed in the target", "GET /\n", 400},
        {"zero in the target", std::string("GET /\0", 6), 400},
        {"high byte in the target", "GET /\xc3", 400},
        {"delete in the target", "GET /\x7f", 400},
        {"two spaces before the version", "GET /  ", 400},
        {"no version", "GET / \r", 400},
        {"version in lower case", "GET / h", 400},
        {"another protocol", "GET / HTTQ", 400},
        {"version without a minor number", "GET / HTTP/1\r", 400},
        {"version of no digits", "GET / HTTP/x", 400},
        {"version that goes on", "GET / HTTP/1.10", 400},
        {"space behind the version", "GET / HTTP/1.1 ", 400},
        {"bare line feed behind the version", "GET / HTTP/1.1\n", 400},
        {"carriage return without line feed", "GET / HTTP/1.1\rH", 400},
        {"HTTP/2", "PRI / HTTP/2.0\r", 505},
        {"HTTP/0.9", "GET / HTTP/0.9\r", 505},
        {"fold at once", "GET / HTTP/1.1\r\n ", 400},
        {"folded with a space", "GET / HTTP/1.1\r\nA: b\r\n ", 400},
        {"folded with a tab", "GET / HTTP/1.1\r\nA: b\r\n\t", 400},
        {"bare line feed for a header", "GET / HTTP/1.1\r\n\n", 400},
        {"empty name", "GET / HTTP/1.1\r\n:", 400},
        {"space before the colon", "GET / HTTP/1.1\r\nHost ", 400},
        {"tab before the colon", "GET / HTTP/1.1\r\nHost\t", 400},
        {"no colon", "GET / HTTP/1.1\r\nHost\r", 400},
        {"line feed in a name", "GET / HTTP/1.1\r\nHost\n", 400},
        {"zero in a name", std::string("GET / HTTP/1.1\r\nHo\0", 19), 400},
        {"high byte in a name", "GET / HTTP/1.1\r\nH\xc3", 400},
        {"bare line feed behind a value", "GET / HTTP/1.1\r\nA: b\n", 400},
        {"carriage return in a value", "GET / HTTP/1.1\r\nA: b\rc", 400},
        {"two carriage returns", "GET / HTTP/1.1\r\nA: b\r\r", 400},
        {"zero in a value", std::string("GET / HTTP/1.1\r\nA: b\0", 21), 400},
        {"control character in a value", "GET / HTTP/1.1\r\nA: b\x1b", 400},
        {"delete in a value", "GET / HTTP/1.1\r\nA: b\x7f", 400},
        {"carriage return in the last line", "GET / HTTP/1.1\r\nHost: h\r\n\rx", 400},
        {"no host", "GET / HTTP/1.1\r\nA: b\r\n\r\n", 400},
        {"no host behind a URL", "GET http://h/ HTTP/1.1\r\nA: b\r\n\r\n", 400},
        {"bad host", "GET / HTTP/1.1\r\nHost: a b\r", 400},
        {"bad host behind a URL", "GET http://h/ HTTP/1.1\r\nHost: a/b\r", 400},
        {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r", 400},
        {"two keys", "GET / HTTP/1.1\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Key: a\r", 400},
        {"two keys, one empty", "GET / HTTP/1.1\r\nSec-WebSocket-Key:\r\nSec-WebSocket-Key: a\r", 400},
        {"two versions", "GET / HTTP/1.1\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13\r", 400},
        {"two origins", "GET / HTTP/1.1\r\nOrigin: a\r\nOrigin: b\r", 400},
        {"two lengths", "GET / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 0\r", 400},
        {"negative length", "GET / HTTP/1.1\r\nContent-Length: -1\r", 400},
        {"list of lengths", "GET / HTTP/1.1\r\nContent-Length: 0, 0\r", 400},
        {"empty length", "GET / HTTP/1.1\r\nContent-Length:\r", 400},
        {"length and encoding",
         "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
    };
    return all;
}

void test_each_rule_refuses(void **) {
    for (const auto &row : bad_heads()) {
        const auto got = parse_head(row.text);
        if (got.last.state != head_state::failed || got.last.status != row.status)
            print_error("%s\n", row.name);
        assert_int_equal(got.last.state, head_state::failed);
        assert_int_equal(got.last.status, row.status);
        assert_true(got.last.what[0] != '\0');
        assert_int_equal(got.consumed, row.text.size()); // no earlier and no later
        const auto before = parse_head(std::string_view(row.text).substr(0, row.text.size() - 1));
        assert_int_equal(before.last.state, head_state::more);
    }
}

void assert_same(const parsed &a, const parsed &b) {
    assert_int_equal(a.last.state, b.last.state);
    assert_int_equal(a.last.status, b.last.status);
    assert_string_equal(a.last.what, b.last.what);
    assert_int_equal(a.consumed, b.consumed);
    assert_string_equal(a.head.target.c_str(), b.head.target.c_str());
    assert_string_equal(a.head.sec_websocket_key.c_str(), b.head.sec_websocket_key.c_str());
    assert_int_equal(a.head.upgrade_websocket, b.head.upgrade_websocket);
    assert_int_equal(a.head.connection_upgrade, b.head.connection_upgrade);
}

parsed parse_in_two(const std::string &text, std::size_t cut) {
    request_parser parser;
    parsed out;
    const auto first = std::string_view(text).substr(0, cut);
    out.last = parser.feed(cryo_core::as_bytes(first));
    out.consumed = out.last.consumed;
    if (out.last.state == head_state::more) {
        assert_int_equal(out.consumed, first.size());
        out.last = parser.feed(cryo_core::as_bytes(std::string_view(text).substr(cut)));
        out.consumed += out.last.consumed;
    }
    if (out.last.state == head_state::complete) out.head = parser.take();
    return out;
}

void test_cuts_change_nothing(void **) {
    std::vector<std::string> texts = {head_with("Origin: o\r\nX: y\r\n") + "bytes behind the head",
                                      line("POST http://h/a?b HTTP/1.1")};
    for (const auto &row : bad_heads())
        texts.push_back(row.text + "more");
    for (const auto &text : texts) {
        const auto whole = parse_head(text);
        assert_true(whole.last.state != head_state::more);
        for (std::size_t cut = 0; cut <= text.size(); ++cut)
            assert_same(whole, parse_in_two(text, cut));
        for (const std::size_t piece : {1U, 2U, 3U, 7U})
            assert_same(whole, parse_head(text, piece));
    }
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
    assert_int_equal(limit, 6144);
    for (const std::size_t size : {limit - 1, limit}) {
        const auto head = good(line("GET /" + std::string(size - 1, 'x') + " HTTP/1.1"));
        assert_int_equal(head.target.size(), size);
    }
    const auto above = parse_head(line("GET /" + std::string(limit, 'x') + " HTTP/1.1"));
    assert_int_equal(above.last.state, head_state::failed);
    assert_int_equal(above.last.status, 414);
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
        cmocka_unit_test(test_each_rule_refuses),
        cmocka_unit_test(test_cuts_change_nothing),
        cmocka_unit_test(test_bytes_behind_the_head_are_left),
        cmocka_unit_test(test_a_failure_stays),
        cmocka_unit_test(test_limit_of_the_head),
        cmocka_unit_test(test_an_endless_header_ends),
        cmocka_unit_test(test_limit_of_the_target),
        cmocka_unit_test(test_limit_of_the_header_count),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
