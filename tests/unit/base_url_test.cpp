#include "base/url.h"
#include "cmocka.hpp"

#include <string>

using namespace cryo_core;

namespace {

url good(std::string_view text) {
    url u;
    const auto wrong = parse_url(text, u);
    if (!wrong.empty()) fail_msg("%s: %s", std::string(text).c_str(), std::string(wrong).c_str());
    return u;
}

void bad(std::string_view text, std::string_view words) {
    url u;
    const auto wrong = parse_url(text, u);
    if (wrong.find(words) == std::string_view::npos || wrong.empty())
        fail_msg("%s: %s", std::string(text).c_str(), std::string(wrong).c_str());
}

void expect(const url &u, bool tls, const char *host, int port, const char *target) {
    assert_int_equal(u.tls, tls);
    assert_string_equal(u.host.c_str(), host);
    assert_int_equal(u.port, port);
    assert_string_equal(u.path_and_query().c_str(), target);
}

} // namespace

static void test_good_ones(void **) {
    expect(good("ws://localhost"), false, "localhost", 80, "/");
    expect(good("wss://localhost"), true, "localhost", 443, "/");
    expect(good("WSS://Example.COM:8443/Path?Query=X"), true, "example.com", 8443, "/Path?Query=X");
    expect(good("ws://127.0.0.1:1/"), false, "127.0.0.1", 1, "/");
    expect(good("ws://a:65535/b/c;d=e"), false, "a", 65535, "/b/c;d=e");
    expect(good("ws://a:"), false, "a", 80, "/");
    expect(good("ws://a?x=1&y=%20z"), false, "a", 80, "/?x=1&y=%20z");
    expect(good("ws://a/?"), false, "a", 80, "/");
    expect(good("ws://a/?b?c/d"), false, "a", 80, "/?b?c/d");
    expect(good("ws://a_b-c.d~e/"), false, "a_b-c.d~e", 80, "/");
}

static void test_ipv6(void **) {
    expect(good("ws://[::1]"), false, "::1", 80, "/");
    expect(good("wss://[2001:DB8::1]:9000/x"), true, "2001:db8::1", 9000, "/x");
    expect(good("ws://[::ffff:192.0.2.1]:/"), false, "::ffff:192.0.2.1", 80, "/");
    bad("ws://[::1", "not closed");
    bad("ws://[::1]9000", "behind the IPv6");
    bad("ws://[localhost]", "no IPv6");
    bad("ws://[]", "no IPv6");
    bad("ws://::1/", "no host");
}

// RFC 6874, and what people write.
static void test_zones(void **) {
    expect(good("ws://[fe80::1%25eth0]"), false, "fe80::1%eth0", 80, "/");
    expect(good("ws://[FE80::1%25Eth0.7]:9/x"), false, "fe80::1%Eth0.7", 9, "/x");
    expect(good("ws://[fe80::1%eth0]:80/"), false, "fe80::1%eth0", 80, "/");
    expect(good("ws://[fe80::1%2]"), false, "fe80::1%2", 80, "/");
    expect(good("ws://[fe80::1%25]"), false, "fe80::1%25", 80, "/");
    expect(good("ws://[fe80::1%252]"), false, "fe80::1%2", 80, "/");
    expect(good("ws://[fe80::1%25a%3Ab%2B]"), false, "fe80::1%a:b+", 80, "/");
    assert_string_equal(good("wss://[fe80::1%eth0]:8080/").origin().c_str(), "wss://[fe80::1%25eth0]:8080");
    assert_string_equal(good("ws://[fe80::1%25a%3ab]").origin().c_str(), "ws://[fe80::1%25a%3Ab]");
    for (const char *zone : {"%", "%eth 0", "%eth%30", "%25a%", "%25a%2", "%25%zz", "%25%00", "%25%0d%0a",
                             "%25%25", "%25%2f", "%25%5D", "%25%20", "%25\xc3", "%a\r\n", "%a[", "%25a%25b"})
        bad(std::string("ws://[fe80::1") + zone + "]", "no IPv6");
    bad("ws://[%25eth0]", "no IPv6");
    bad("ws://[localhost%25eth0]", "no IPv6");
    bad("ws://host%25eth0/", "characters");
}

static void test_bad_ones(void **) {
    bad("", "begins with");
    bad("localhost:8080", "begins with");
    bad("ws:/localhost", "begins with");
    bad("http://localhost", "neither");
    bad("://localhost", "neither");
    bad("ws://", "no host");
    bad("ws:///path", "no host");
    bad("ws://:80", "no host");
    bad("ws://user@host", "user");
    bad("ws://user:secret@host", "user");
    bad("ws://host#top", "fragment");
    bad("ws://host/path#", "fragment");
    bad("ws://host:0", "port 0");
    bad("ws://host:65536", "over 65535");
    bad("ws://host:99999999999999999999", "over 65535");
    bad("ws://host:8a", "no number");
    bad("ws://host:80:80", "no number");
    bad("ws://ho st/", "characters");
    bad("ws://h\xc3\xb6st/", "characters");
    bad(std::string("ws://ho\0st/", 11), "characters");
    bad("ws://" + std::string(256, 'a'), "too long");
}

// Nothing of a URL may end a line of the request or begin another one.
static void test_unix_sockets(void **) {
    expect(good("ws+unix:/run/cryo.sock"), false, "unix:/run/cryo.sock", 0, "/");
    expect(good("ws+unix:/run/cryo.sock:"), false, "unix:/run/cryo.sock", 0, "/");
    expect(good("ws+unix:/run/cryo.sock:/a/b?c=d:e"), false, "unix:/run/cryo.sock", 0, "/a/b?c=d:e");
    expect(good("ws+unix:/run/cryo.sock?c=d"), false, "unix:/run/cryo.sock", 0, "/?c=d");
    expect(good("WS+Unix:///run/Cryo.sock:?c"), false, "unix:/run/Cryo.sock", 0, "/?c"); // as ws had it once
    expect(good("ws+unix:/a%20b%3Ac%3F:/"), false, "unix:/a b:c?", 0, "/");
    expect(good("ws+unix:@name:/x"), false, "unix:@name", 0, "/x");
    assert_string_equal(good("ws+unix:/run/cryo.sock:/a?authorization=secret").origin().c_str(),
                        "ws+unix:/run/cryo.sock");
    bad("ws+unix:", "begins with a slash");
    bad("ws+unix:/", "begins with a slash");
    bad("ws+unix:cryo.sock", "begins with a slash");
    bad("ws+unix://host/cryo.sock", "begins with a slash");
    bad("ws+unix:/run/cryo.sock:path", "colon");
    bad("ws+unix:/run/cryo.sock#a", "fragment");
    bad("ws+unix:/a%", "encodes nothing");
    bad("ws+unix:/a%zz", "encodes nothing");
    bad("ws+unix:/a%00b", "encodes nothing");
    bad("ws+unix:/a:/b c", "percent-encoded");
    bad("unix:/run/cryo.sock", "ws+unix:");
    bad("unix:///run/cryo.sock", "ws+unix:");
    bad("wss+unix:/a", "begins with");
    bad("wss+unix:///a", "neither");
}

static void test_targets_are_clean(void **) {
    for (const char *target :
         {"/a b", "/a\r\nX: y", "/\x7f", "/%", "/%4", "/%zz", "/\"", "/<", "/?a=[1]", "/\xc3\xa9"})
        bad(std::string("ws://host") + target, "percent-encoded");
    for (int c = 0; c < 256; ++c) {
        url u;
        const std::string text = std::string("ws://host/") + static_cast<char>(c);
        if (parse_url(text, u).empty()) assert_true(c > 0x20 && c < 0x7f);
    }
}

static void test_origin_tells_no_secret(void **) {
    assert_string_equal(good("wss://Example.com/?authorization=Bearer%20x").origin().c_str(),
                        "wss://example.com");
    assert_string_equal(good("ws://[::1]:8080/").origin().c_str(), "ws://[::1]:8080");
    assert_string_equal(good("ws://a:80/").origin().c_str(), "ws://a");
    assert_string_equal(good("ws://a:443/").origin().c_str(), "ws://a:443");
}

static void test_encoding(void **) {
    assert_string_equal(percent_encoded("Bearer a+b/c=").c_str(), "Bearer%20a%2Bb%2Fc%3D");
    assert_string_equal(percent_encoded("AZaz09-._~").c_str(), "AZaz09-._~");
    assert_string_equal(percent_encoded("\xc3\xa9\r\n").c_str(), "%C3%A9%0D%0A");
    assert_string_equal(percent_encoded(std::string_view("\0", 1)).c_str(), "%00");
    std::string query;
    add_parameter(query, "a", "1");
    add_parameter(query, "b c", "2&3");
    assert_string_equal(query.c_str(), "a=1&b%20c=2%263");
    query = "given&";
    add_parameter(query, "x", "");
    assert_string_equal(query.c_str(), "given&x=");
    const url u = good("ws://a/?" + query);
    assert_string_equal(u.query.c_str(), query.c_str());
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_good_ones),
        cmocka_unit_test(test_ipv6),
        cmocka_unit_test(test_zones),
        cmocka_unit_test(test_bad_ones),
        cmocka_unit_test(test_unix_sockets),
        cmocka_unit_test(test_targets_are_clean),
        cmocka_unit_test(test_origin_tells_no_secret),
        cmocka_unit_test(test_encoding),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
