// HTTP proxies: which one, and what is said to it.
#include "net/proxy.h"

#include "cmocka.hpp"
#include "dial_bench.hpp"
#include "raw_peer.hpp"
#include "upgrade/accept_key.h"
#include "upgrade/answer.h"

#include <cstdlib>

using namespace cryo_test;
using cryo_core::failure;
using cryo_core::from_ms;
using cryo_core::status;

namespace {

void expect_proxy(const char *text, const char *host, int port, const char *authorization) {
    net::proxy made;
    const auto wrong = net::parse_proxy(text, made);
    if (!wrong.empty()) fail_msg("%s: %s", text, std::string(wrong).c_str());
    assert_string_equal(made.host.c_str(), host);
    assert_int_equal(made.port, port);
    assert_string_equal(made.authorization.c_str(), authorization);
}

void good_ones(void **) {
    expect_proxy("http://proxy.test:3128", "proxy.test", 3128, "");
    expect_proxy("HTTP://Proxy.test", "proxy.test", 80, "");
    expect_proxy("proxy.test:8080/", "proxy.test", 8080, "");
    expect_proxy("http://[::1]:8080", "::1", 8080, "");
    expect_proxy("http://Aladdin:open%20sesame@proxy.test", "proxy.test", 80,
                 "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    expect_proxy("http://u:p@ss%3Aword@proxy.test", "proxy.test", 80, "Basic dTpwQHNzOndvcmQ=");
    expect_proxy("http://user@proxy.test", "proxy.test", 80, "Basic dXNlcjo=");
    expect_proxy("http://:p@proxy.test", "proxy.test", 80, "Basic OnA=");
}

void bad_ones(void **) {
    for (const char *text :
         {"", "http://", "https://proxy.test", "socks5://proxy.test", "http://proxy.test/path",
          "http://proxy.test?x", "http://proxy.test:0", "http://proxy.test:99999", "http://pro xy.test",
          "http://a%zz@proxy.test", "http://a%3ab:c@proxy.test", "http://a:%0d%0aX@proxy.test", "http://a:b@",
          "http://proxy\r\nX: y"}) {
        net::proxy made;
        if (net::parse_proxy(text, made).empty()) fail_msg("%s", text);
    }
}

void hosts_in_lists(void **) {
    const struct {
        const char *list, *host;
        bool named;
    } cases[] = {
        {"", "example.com", false},
        {"*", "example.com", true},
        {"example.com", "example.com", true},
        {"Example.COM", "example.com", true},
        {"example.com", "example.com.", true},
        {"example.com", "a.example.com", true},
        {".example.com", "a.b.example.com", true},
        {"*.example.com", "a.example.com", true},
        {".example.com", "example.com", true},
        {"example.com", "notexample.com", false},
        {"a.example.com", "example.com", false},
        {"other.test, example.com ,x", "example.com", true},
        {"other.test example.com", "example.com", true},
        {",, ,", "example.com", false},
        {"example.com:80", "example.com", true},
        {"example.com:81", "example.com", false},
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.10", false},
        {"2.1", "192.0.2.1", false},
        {"192.0.2.0/24", "192.0.2.77", true},
        {"192.0.2.0/25", "192.0.2.129", false},
        {"192.0.2.0/33", "192.0.2.0", false},
        {"192.0.2.0/", "192.0.2.0", false},
        {"0.0.0.0/0", "192.0.2.0", true},
        {"0.0.0.0/0", "::1", false},
        {"::1", "::1", true},
        {"[::1]", "0:0::1", true},
        {"[::1]:80", "::1", true},
        {"[::1]:81", "::1", false},
        {"2001:db8::/32", "2001:db8:7::1", true},
        {"2001:db8::/33", "2001:db8:8000::1", false},
        {"[", "::1", false},
        {":", "example.com", false},
    };
    for (const auto &each : cases)
        if (net::names_host(each.list, each.host, 80) != each.named) fail_msg("%s: %s", each.list, each.host);
}

// The variables that count, as a test sets them.
class environment {
  public:
    environment(std::initializer_list<std::pair<const char *, const char *>> set) {
        for (const char *name :
             {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"})
            ::unsetenv(name);
        for (const auto &[name, value] : set)
            ::setenv(name, value, 1);
    }
};

std::string found_for(const char *text) {
    cryo_core::url to;
    assert_true(cryo_core::parse_url(text, to).empty());
    failure why;
    const auto found = net::proxy_of_environment(to, why);
    if (why) return why.text;
    return found ? found->host : "none";
}

void the_environment(void **) {
    {
        const environment now({});
        assert_string_equal(found_for("ws://a").c_str(), "none");
        assert_string_equal(found_for("wss://a").c_str(), "none");
    }
    {
        const environment now({{"http_proxy", "plain"}, {"https_proxy", "secure"}, {"HTTPS_PROXY", "upper"}});
        assert_string_equal(found_for("ws://a").c_str(), "plain");
        assert_string_equal(found_for("wss://a").c_str(), "secure");
    }
    {
        const environment now(
            {{"HTTP_PROXY", "of-a-request"}, {"HTTPS_PROXY", "upper"}, {"https_proxy", ""}});
        assert_string_equal(found_for("ws://a").c_str(), "none");
        assert_string_equal(found_for("wss://a").c_str(), "upper");
    }
    {
        const environment now({{"http_proxy", "p"}, {"https_proxy", "p"}, {"NO_PROXY", "a, b:443"}});
        assert_string_equal(found_for("ws://a").c_str(), "none");
        assert_string_equal(found_for("ws://b").c_str(), "p");
        assert_string_equal(found_for("wss://b").c_str(), "none");
        assert_string_equal(found_for("wss://c").c_str(), "p");
    }
    {
        const environment now({{"https_proxy", "socks5://p"}});
        assert_string_equal(found_for("wss://a").c_str(),
                            "https_proxy in the environment: a proxy is http://");
    }
}

net::dial_target through(const raw_listener &proxy, const std::string &host, const char *credentials = "") {
    auto to = target_at(1234, host);
    net::proxy by;
    const std::string text = std::string(credentials) + "127.0.0.1:" + std::to_string(proxy.port());
    assert_true(net::parse_proxy(text, by).empty());
    to.through = by;
    return to;
}

std::string read_head(raw_peer &peer) {
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos) {
        const std::string more = peer.receive_some();
        if (more.empty()) break;
        head += more;
    }
    return head;
}

void through_a_proxy(void **) {
    const struct {
        const char *host, *credentials, *connect, *own;
    } cases[] = {
        {"no-such-host.invalid", "",
         "CONNECT no-such-host.invalid:1234 HTTP/1.1\r\nHost: no-such-host.invalid:1234\r\n\r\n",
         "no-such-host.invalid:1234"},
        {"::1", "u:p@",
         "CONNECT [::1]:1234 HTTP/1.1\r\nHost: [::1]:1234\r\nProxy-Authorization: Basic dTpw\r\n\r\n",
         "[::1]:1234"},
    };
    for (const auto &each : cases)
        for (const char *answer : {"HTTP/1.1 200 Connection established\r\n\r\n",
                                   "HTTP/1.1 100 Wait\r\n\r\nHTTP/1.0 204\r\nContent-Length: 7\r\n\r\n"}) {
            dial_recorder r;
            client_loop loop;
            raw_listener proxy;
            r.dial(loop, through(proxy, each.host, each.credentials));
            raw_peer peer = proxy.accept();
            assert_string_equal(read_head(peer).c_str(), each.connect);
            peer.send(answer);
            const std::string head = read_head(peer);
            assert_true(head.starts_with("GET / HTTP/1.1\r\nHost: " + std::string(each.own) + "\r\n"));
            assert_true(head.find("Proxy-") == std::string::npos);
            const auto at = head.find("Sec-WebSocket-Key: ") + 19;
            peer.send(
                cryo_core::upgrade::switching_protocols(cryo_core::upgrade::accept_key(head.substr(at, 24))) +
                "\x82\x02hi");
            assert_true(r.message.wait());
        }
}

void expect_failure(const char *answer, bool close, status code, const std::string &words, int http_status) {
    dial_recorder r;
    client_loop loop;
    raw_listener proxy;
    auto to = through(proxy, "example.test");
    if (!close && *answer == '\0') to.timeout = from_ms(100);
    r.dial(loop, std::move(to));
    raw_peer peer = proxy.accept();
    read_head(peer);
    peer.send(answer);
    if (close) peer.close();
    assert_true(r.gone.wait());
    if (r.why.reason.code != code || r.why.reason.text.find(words) == std::string::npos)
        fail_msg("%d: %s", static_cast<int>(r.why.reason.code), r.why.reason.text.c_str());
    assert_int_equal(r.why.http_status, http_status);
}

void proxies_that_do_not(void **) {
    expect_failure(
        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
        "Content-Length: 0\r\n\r\n",
        false, status::http,
        "the proxy 127.0.0.1 wants a user and a password, or others: 407 Proxy Authentication Required", 407);
    expect_failure("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 4\r\n\r\nbusy",
                   false, status::http,
                   "the proxy 127.0.0.1 does not connect to example.test: 503 Service Unavailable (busy)",
                   503);
    expect_failure("HTTP/1.1 101 Switching Protocols\r\n\r\n", false, status::http, "does not connect", 101);
    expect_failure("SSH-2.0-x\r\n", false, status::http,
                   "the answer of the proxy 127.0.0.1 is none: it is not HTTP/1.1", 0);
    expect_failure("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 101", false, status::http,
                   "the proxy 127.0.0.1 says more than an answer", 0);
    expect_failure("", true, status::closed,
                   "the proxy 127.0.0.1 closed the connection before it answered CONNECT", 0);
    expect_failure("", false, status::timeout,
                   "cannot connect to the proxy 127.0.0.1 within 100 ms: it does not answer CONNECT", 0);
    expect_failure("HTTP/1.1 200 OK\r\n\r\n", true, status::closed,
                   "example.test closed the connection before it answered the WebSocket upgrade", 0);
    const std::string endless = "HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x');
    expect_failure(endless.c_str(), false, status::http, "its head is too long", 0);
}

void no_proxy_there(void **) {
    dial_recorder r;
    client_loop loop;
    auto to = target_at(1, "example.test");
    {
        raw_listener gone;
        to.through = net::proxy{.host = "127.0.0.1", .port = gone.port()};
    }
    r.dial(loop, to);
    assert_true(r.gone.wait());
    assert_int_equal(r.why.reason.code, status::connect);
    assert_string_equal(r.why.reason.text.c_str(), ("cannot connect to the proxy 127.0.0.1:" +
                                                    std::to_string(to.through->port) + ": connection refused")
                                                       .c_str());
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(good_ones),       cmocka_unit_test(bad_ones),
        cmocka_unit_test(hosts_in_lists),  cmocka_unit_test(the_environment),
        cmocka_unit_test(through_a_proxy), cmocka_unit_test(proxies_that_do_not),
        cmocka_unit_test(no_proxy_there),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
