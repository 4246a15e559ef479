#include "upgrade/answer.h"

#include "cmocka.hpp"
#include "upgrade/accept_key.h"
#include "vectors.hpp"

using namespace cryo_core::upgrade;

namespace {

bool has_line(const std::string &answer, const std::string &line) {
    const auto head = answer.substr(0, answer.find("\r\n\r\n") + 2);
    return head.find("\r\n" + line + "\r\n") != std::string::npos;
}

void test_golden_acceptance(void **) {
    for (const auto &entry : cryo_test::load_vectors("http.json", "answers")) {
        if (entry["name"] != "accepted") continue;
        const auto key = entry["sec_websocket_key"].get<std::string>();
        const auto expected = entry["upstream_answer"].get<std::string>();
        assert_string_equal(switching_protocols(accept_key(key)).c_str(), expected.c_str());
        return;
    }
    fail_msg("the vectors have no accepted request");
}

void test_keys(void **) {
    struct {
        const char *key;
        bool good;
    } const table[] = {
        {"dGhlIHNhbXBsZSBub25jZQ==", true},
        {"AAAAAAAAAAAAAAAAAAAAAA==", true},
        {"/////////////////////w==", true},
        {"+/+/+/+/+/+/+/+/+/+/+g==", true},
        {"", false},
        {"dGhlIHNhbXBsZSBub25jZQ", false},
        {"dGhlIHNhbXBsZSBub25jZQ=", false},
        {"dGhlIHNhbXBsZSBub25jZQ===", false},
        {"dGhlIHNhbXBsZSBub25jZR==", false}, // bits behind the sixteenth byte
        {"dGhlIHNhbXBsZSBub25jZQA=", false},
        {"dGhlIHNhbXBsZSBub25jZQAA", false},
        {"dGhlIHNhbXBsZSBub2-jZQ==", false},
        {"dGhlIHNhbXBsZSBub2 jZQ==", false},
        {"dGhlIHNhbXBsZSBub2=jZQ==", false},
    };
    for (const auto &row : table)
        assert_int_equal(is_websocket_key(row.key), row.good);
}

void test_a_refusal_is_complete(void **) {
    const refusal no{.status = 409, .body = "The session is open already."};
    assert_string_equal(refuse(no).c_str(), "HTTP/1.1 409 Conflict\r\n"
                                            "Content-Type: text/plain; charset=utf-8\r\n"
                                            "Content-Length: 28\r\n"
                                            "Cache-Control: no-store\r\n"
                                            "Connection: close\r\n"
                                            "\r\n"
                                            "The session is open already.");
}

void test_status_lines(void **) {
    struct {
        int status;
        const char *line;
    } const table[] = {
        {400, "HTTP/1.1 400 Bad Request\r\n"},
        {401, "HTTP/1.1 401 Unauthorized\r\n"},
        {403, "HTTP/1.1 403 Forbidden\r\n"},
        {404, "HTTP/1.1 404 Not Found\r\n"},
        {405, "HTTP/1.1 405 Method Not Allowed\r\n"},
        {408, "HTTP/1.1 408 Request Timeout\r\n"},
        {409, "HTTP/1.1 409 Conflict\r\n"},
        {414, "HTTP/1.1 414 URI Too Long\r\n"},
        {426, "HTTP/1.1 426 Upgrade Required\r\n"},
        {429, "HTTP/1.1 429 Too Many Requests\r\n"},
        {431, "HTTP/1.1 431 Request Header Fields Too Large\r\n"},
        {500, "HTTP/1.1 500 Internal Server Error\r\n"},
        {501, "HTTP/1.1 501 Not Implemented\r\n"},
        {503, "HTTP/1.1 503 Service Unavailable\r\n"},
        {505, "HTTP/1.1 505 HTTP Version Not Supported\r\n"},
        {499, "HTTP/1.1 499 \r\n"},
    };
    for (const auto &row : table) {
        const auto answer = refuse({.status = row.status, .body = "x"});
        assert_true(answer.starts_with(row.line));
        assert_true(answer.ends_with("\r\n\r\nx"));
        assert_true(has_line(answer, "Content-Length: 1"));
        assert_int_equal(has_line(answer, "Connection: close"), row.status != 426);
        assert_int_equal(has_line(answer, "WWW-Authenticate: Bearer"), row.status == 401);
        assert_int_equal(has_line(answer, "Retry-After: 1"), row.status == 503);
        assert_int_equal(has_line(answer, "Upgrade: websocket"), row.status == 426);
        assert_int_equal(has_line(answer, "Connection: Upgrade, close"), row.status == 426);
        assert_int_equal(has_line(answer, "Sec-WebSocket-Version: 13"), row.status == 426);
    }
}

void test_retry_after_is_the_callers(void **) {
    assert_true(has_line(refuse({.status = 503, .body = "", .retry_after_s = 30}), "Retry-After: 30"));
}

void test_the_answer_to_head_has_no_body(void **) {
    const auto answer = refuse({.status = 426, .body = "four", .omit_body = true});
    assert_true(has_line(answer, "Content-Length: 4"));
    assert_true(answer.ends_with("\r\n\r\n"));
}

// RFC 4648 section 10, and bits in every place.
void test_base64(void **) {
    const std::pair<std::string_view, const char *> known[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {std::string_view("\0\x10\x83\xff\xfb\xef", 6), "ABCD//vv"},
    };
    for (const auto &[bytes, text] : known)
        assert_string_equal(base64(cryo_core::as_bytes(bytes)).c_str(), text);
}

void test_nothing_is_said_to_strangers(void **) {
    assert_true(refuse({.status = 0, .body = "not HTTP"}).empty());
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_acceptance),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_a_refusal_is_complete),
        cmocka_unit_test(test_status_lines),
        cmocka_unit_test(test_retry_after_is_the_callers),
        cmocka_unit_test(test_the_answer_to_head_has_no_body),
        cmocka_unit_test(test_base64),
        cmocka_unit_test(test_nothing_is_said_to_strangers),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
