#include "cmocka.hpp"
#include "upgrade_heads.hpp"

#include <vector>

using namespace cryo_core::upgrade;
using namespace cryo_test;

namespace {

struct bad_head {
    const char *name;
    std::string text;
    int status;
};

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
        {"asterisk form", "GET * ", 400},
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

// What people are told to do about it.
void test_words_that_help(void **) {
    const struct {
        const char *text;
        const char *words;
    } table[] = {
        {"GET /?authorization=Bearer token HTTP/1.1\r\n", "%20 or +"},
        {"GET /?authorization=Bearer HTOKEN HTTP/1.1\r\n", "%20 or +"},
        {"GET /?authorization=Bearer 1234 HTTP/1.1\r\n", "%20 or +"},
        {"GET / / HTTP/1.1\r\n", "%20 or +"},
        {"GET /  HTTP/1.1\r\n", "version"},
        {"GET / HTTP/1.x\r\n", "version is malformed"},
        {"GET ?authorization=x HTTP/1.1\r\n", "slash"},
        {"GET path HTTP/1.1\r\n", "a path, or a whole URL"},
        {"PROXY TCP4 192.0.2.7 10.0.0.1 54321 443\r\n", "PROXY protocol"},
        {"\r\n\r\n", "PROXY protocol"},
    };
    for (const auto &row : table) {
        const auto got = parse_head(row.text);
        assert_int_equal(got.last.state, head_state::failed);
        if (std::string_view(got.last.what).find(row.words) == std::string_view::npos)
            fail_msg("%s: %s", row.text, got.last.what);
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
                                      head_with_line("POST http://h/a?b HTTP/1.1")};
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

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_each_rule_refuses),
        cmocka_unit_test(test_words_that_help),
        cmocka_unit_test(test_cuts_change_nothing),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
