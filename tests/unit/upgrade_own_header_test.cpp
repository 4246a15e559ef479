// Which headers an application may add to a request.
#include "upgrade/own_header.h"

#include "cmocka.hpp"

#include <string>

using cryo_core::upgrade::own_header_trouble;

static void good_ones(void **) {
    for (const char *name : {"Origin", "Cookie", "Authorization", "User-Agent", "X-Request-ID", "a",
                             "!#$%&'*+-.^_`|~0", "Sec-Fetch-Mode", "Hosts", "sec-websocke"})
        assert_true(own_header_trouble(name, "a b\tc; d=\"\xc3\xa9\"").empty());
    assert_true(own_header_trouble("Empty", "").empty());
}

static void names(void **) {
    for (const char *name : {"", " a", "a ", "a b", "a:", "a\r\nb", "a\nb", "\xc3\xa9", "a(b)", "a/b"})
        assert_false(own_header_trouble(name, "x").empty());
    for (const char *name :
         {"Host", "HOST", "Connection", "Upgrade", "Content-Length", "Transfer-Encoding", "TE", "Trailer",
          "Expect", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "Sec-WebSocket-Key",
          "sec-websocket-version", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "Sec-WebSocket-"})
        if (own_header_trouble(name, "x").find("the handshake") == std::string_view::npos)
            fail_msg("%s", name);
}

static void values(void **) {
    for (const char *value : {"a\rb", "a\nb", "a\r\nHost: x", "\x01", "a\x7f", " a", "a ", "\ta", "a\t", " "})
        assert_false(own_header_trouble("a", value).empty());
    assert_false(own_header_trouble("a", std::string_view("a\0b", 3)).empty());
}

int main() {
    const CMUnitTest tests[] = {cmocka_unit_test(good_ones), cmocka_unit_test(names),
                                cmocka_unit_test(values)};
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
