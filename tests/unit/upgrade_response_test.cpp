// Answers to a client's upgrade: heads, interim answers, what makes a 101 none, and bodies of refusals.
#include "upgrade/response.h"

#include "cmocka.hpp"
#include "upgrade/accept_key.h"
#include "upgrade/response_body.h"

using namespace cryo_core::upgrade;

namespace {

struct answered {
    response_parser::result last;
    std::size_t consumed = 0;
    response head;
};

answered parse(std::string_view text, std::size_t piece_size = SIZE_MAX) {
    response_parser parser;
    answered out;
    while (!text.empty() && out.last.state == head_state::more) {
        const auto piece = text.substr(0, piece_size);
        out.last = parser.feed(cryo_core::as_bytes(piece));
        out.consumed += out.last.consumed;
        text.remove_prefix(piece.size());
    }
    if (out.last.state == head_state::complete) out.head = parser.take();
    return out;
}

response good(const std::string &text, const std::string &behind = "\x82\x01x") {
    for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{7}}) {
        const answered got = parse(text + behind, piece);
        if (got.last.state != head_state::complete) fail_msg("%s\n%s", got.last.what, text.c_str());
        assert_int_equal(got.consumed, text.size());
    }
    return parse(text).head;
}

void bad(const std::string &text, const char *words) {
    for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{7}}) {
        const answered got = parse(text, piece);
        if (got.last.state != head_state::failed ||
            std::string(got.last.what).find(words) == std::string::npos)
            fail_msg("%s\n%s", got.last.what, text.substr(0, 200).c_str());
    }
}

const std::string accept_value = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
const std::string switching =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";

void a_switch(void **) {
    const response head = good(switching + "Sec-WebSocket-Accept: " + accept_value + "\r\n\r\n");
    assert_int_equal(head.status, 101);
    assert_int_equal(head.http_minor, 1);
    assert_string_equal(head.reason.c_str(), "Switching Protocols");
    assert_string_equal(head.sec_websocket_accept.c_str(), accept_value.c_str());
    assert_true(switching_trouble(head, accept_value).empty());
}

void order_case_and_space_are_free(void **) {
    const response head = good("HTTP/1.1 101\r\nSEC-WEBSOCKET-ACCEPT:" + accept_value +
                               "\r\nx:\r\nconnection: keep-alive,\tuPGRADE \r\nuPGRADE:WebSocket\t\r\n"
                               "sec-websocket-protocol:\r\n\r\n");
    assert_true(switching_trouble(head, accept_value).empty());
    assert_string_equal(head.reason.c_str(), "");
}

void no_switch(void **) {
    const std::string accept = "Sec-WebSocket-Accept: " + accept_value + "\r\n";
    const struct {
        std::string head;
        const char *words;
    } cases[] = {
        {"HTTP/1.1 101 x\r\nConnection: Upgrade\r\n" + accept, "Upgrade header does not name websocket"},
        {"HTTP/1.1 101 x\r\nUpgrade: websocket2\r\nConnection: Upgrade\r\n" + accept, "websocket"},
        {"HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: close\r\n" + accept, "does not name Upgrade"},
        {switching, "Accept is missing"},
        {switching + "Sec-WebSocket-Accept: x" + accept_value + "\r\n", "Accept is wrong"},
        {switching + "Sec-WebSocket-Accept: S3PPLMBITXAQ9KYGZZHZRBK+XOO=\r\n", "Accept is wrong"},
        {switching + accept + "Sec-WebSocket-Extensions: permessage-deflate\r\n", "extension"},
        {switching + accept + "Sec-WebSocket-Protocol: chat\r\n", "subprotocol"},
        {"HTTP/1.0" + (switching + accept).substr(8), "HTTP/1.0"},
    };
    for (const auto &each : cases) {
        const response head = good(each.head + "\r\n");
        if (switching_trouble(head, accept_value).find(each.words) == std::string_view::npos)
            fail_msg("%s: %s", each.words, std::string(switching_trouble(head, accept_value)).c_str());
    }
    bad(switching + accept + accept + "\r\n", "Accept is given twice");
}

void interim_answers_are_passed_over(void **) {
    std::string many;
    for (int i = 0; i < 500; ++i)
        many += "HTTP/1.1 102 Processing\r\nUpgrade: no\r\nRetry-After: 9\r\n\r\n";
    const response head =
        good(many + "HTTP/1.1 100\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n" +
             switching + "Sec-WebSocket-Accept: " + accept_value + "\r\n\r\n");
    assert_int_equal(head.status, 101);
    assert_true(switching_trouble(head, accept_value).empty());
    const response refused = good(many + "HTTP/1.1 503 Busy\r\n\r\n");
    assert_int_equal(refused.status, 503);
    assert_string_equal(refused.retry_after.c_str(), "");
    assert_false(refused.upgrade_websocket);
    bad(many + many + many, "interim answers");
}

void long_heads(void **) {
    std::string text = switching + "Sec-WebSocket-Accept: " + accept_value + "\r\n";
    const std::string line = "Set-Cookie: c=" + std::string(40, 'x') + "\r\n";
    while (text.size() + line.size() + 2 <= max_response_head)
        text += line;
    text += "X: " + std::string(max_response_head - text.size() - 7, 'y') + "\r\n\r\n";
    assert_int_equal(text.size(), max_response_head);
    assert_true(switching_trouble(good(text), accept_value).empty());
    text.insert(text.size() - 4, "z");
    bad(text, "too long");
    bad("HTTP/1.1 200 " + std::string(20'000, 'x'), "too long");
    bad(switching + std::string(20'000, 'x'), "too long");
}

void refusals(void **) {
    const response head = good("HTTP/1.0 503 Service \xe9t\xe9\r\nRetry-After: 7\r\nRetry-After: 8\r\n"
                               "Content-Length: 12\r\n\r\n");
    assert_int_equal(head.status, 503);
    assert_string_equal(head.reason.c_str(), "Service \xe9t\xe9");
    assert_string_equal(head.retry_after.c_str(), "7");
    assert_int_equal(*head.content_length, 12);
    assert_false(good("HTTP/1.1 403 No\r\nContent-Length: -1\r\n\r\n").content_length.has_value());
    assert_false(good("HTTP/1.1 403 No\r\nContent-Length: 99999999999999999999999\r\n\r\n")
                     .content_length.has_value());
    assert_int_equal(good("HTTP/1.1 403 " + std::string(1000, 'r') + "\r\n\r\n").reason.size(),
                     max_told_value);
}

void what_is_malformed(void **) {
    for (const char *text :
         {"SSH-2.0-OpenSSH_9.2\r\n", "\x16\x03\x01", "\r\nHTTP/1.1 200\r\n", "HTTP/2 200\r\n",
          "HTTP/2.0 200\r\n", "http/1.1 200 OK\r\n", "HTTP/1.1\t200", "HTTP/1.x"})
        bad(text, "not HTTP/1.1");
    for (const char *text :
         {"HTTP/1.1 2000 OK", "HTTP/1.1 20 OK", "HTTP/1.1 099 x", "HTTP/1.1  200", "HTTP/1.1 200\n"})
        bad(text, "status");
    const std::string start = "HTTP/1.1 200 OK\r\n";
    bad("HTTP/1.1 200 O\nK\r\n", "control character");
    bad("HTTP/1.1 200 OK\rX", "line feed");
    bad(start + "A: b\r\n c: d\r\n", "folded");
    bad(start + "A : b\r\n", "name");
    bad(start + ": b\r\n", "name");
    bad(start + "A\r\n", "name");
    bad(start + std::string("A: b\0c\r\n", 8), "control character");
    bad(start + "A: b\nC: d\r\n", "control character");
    bad(start + "A: b\r\r\n", "line feed");
    bad(start + "\rX", "line feed");
}

std::string body(const std::string &headers, const std::string &text, bool &more,
                 std::size_t piece = SIZE_MAX, int status = 403) {
    response_body reader(good("HTTP/1.1 " + std::to_string(status) + " No\r\n" + headers + "\r\n", ""), 100);
    more = reader.wants_more();
    std::string_view rest = text;
    while (!rest.empty() && more) {
        more = reader.feed(cryo_core::as_bytes(rest.substr(0, piece)));
        rest.remove_prefix(std::min(rest.size(), piece));
    }
    return reader.take();
}

void bodies(void **) {
    const std::string chunked = "Transfer-Encoding: chunked\r\n";
    const struct {
        std::string headers, text, kept;
        bool more;
    } cases[] = {
        {"Content-Length: 5\r\n", "helloHTTP", "hello", false},
        {"Content-Length: 5\r\n", "hel", "hel", true},
        {"Content-Length: 0\r\n", "x", "", false},
        {"", "all of it", "all of it", true},
        {"", std::string(1000, 'x'), std::string(100, 'x'), false},
        {"Content-Length: 100000\r\n", std::string(1000, 'x'), std::string(100, 'x'), false},
        {chunked, "4\r\nlost\r\n0\r\n\r\n", "lost", false},
        {chunked, "4;a=b\r\nlost\r\n00A \r\n, we think\r\n0\r\n\r\n", "lost, we think", false},
        {chunked + "Content-Length: 3\r\n", "2\r\nab\r\n2\r\ncd", "abcd", true},
        {chunked, "fff\r\n" + std::string(1000, 'x'), std::string(100, 'x'), false},
        {chunked, "2\r\nabc", "ab", false},
        {chunked, "2\nab", "", false},
        {chunked, "x\r\n", "", false},
        {chunked, "\r\n", "", false},
        {chunked, "123456789\r\nx", "", false},
        {chunked, "1;\n", "", false},
        {chunked, "1\rx", "", false},
        {chunked, "1\r\na\rx", "a", false},
    };
    for (const auto &each : cases)
        for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{3}}) {
            bool more = false;
            const std::string kept = body(each.headers, each.text, more, piece);
            if (kept != each.kept || more != each.more) fail_msg("%s: %s", each.text.c_str(), kept.c_str());
        }
    for (const int status : {204, 304}) {
        bool more = true;
        assert_string_equal(body("", "x", more, SIZE_MAX, status).c_str(), "");
        assert_false(more);
    }
}

void keys(void **) {
    const std::string a = new_websocket_key(), b = new_websocket_key();
    assert_true(is_websocket_key(a) && is_websocket_key(b) && a != b);
    assert_string_equal(accept_key("dGhlIHNhbXBsZSBub25jZQ==").c_str(), accept_value.c_str());
    const struct {
        const char *data, *text;
    } cases[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}};
    for (const auto &each : cases)
        assert_string_equal(base64(cryo_core::as_bytes(each.data)).c_str(), each.text);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(a_switch),   cmocka_unit_test(order_case_and_space_are_free),
        cmocka_unit_test(no_switch),  cmocka_unit_test(interim_answers_are_passed_over),
        cmocka_unit_test(long_heads), cmocka_unit_test(refusals),
        cmocka_unit_test(bodies),     cmocka_unit_test(what_is_malformed),
        cmocka_unit_test(keys),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
