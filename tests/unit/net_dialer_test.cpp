// Connecting a client without TLS: what the server sees, and each way to fail, with its status and words.
#include "cmocka.hpp"
#include "dial_bench.hpp"
#include "raw_peer.hpp"
#include "ws_server.hpp"

using namespace cryo_test;
using cryo_core::from_ms;
using cryo_core::status;

namespace {

void expect_failure(dial_recorder &r, status code, const char *words) {
    assert_true(r.gone.wait());
    assert_int_equal(r.failed.count(), 1);
    assert_int_equal(r.connected.count(), 0);
    assert_int_equal(r.gone.count(), 1);
    if (r.why.reason.code != code || r.why.reason.text.find(words) == std::string::npos)
        fail_msg("%d: %s, not %d: %s", static_cast<int>(r.why.reason.code), r.why.reason.text.c_str(),
                 static_cast<int>(code), std::string(words).c_str());
}

// The request as the server gets it, without the key.
std::string read_head(raw_peer &peer) {
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos) {
        const std::string more = peer.receive_some();
        if (more.empty()) break;
        head += more;
    }
    return head;
}

// What the server answers to the upgrade, and what it does with the socket then.
enum class then { keep, close, reset };
void expect_refusal(dial_recorder &r, const std::string &answer, then next = then::keep) {
    client_loop loop;
    raw_listener server;
    r.dial(loop, target_at(server.port()));
    raw_peer peer = server.accept();
    read_head(peer);
    peer.send(answer);
    if (next == then::close) peer.close();
    if (next == then::reset) peer.reset();
    assert_true(r.gone.wait());
}

std::string refusal(const std::string &status_line, const std::string &headers, const std::string &body) {
    return "HTTP/1.1 " + status_line + "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
           "\r\nConnection: close\r\n\r\n" + body;
}

void connects_and_tells_where(void **) {
    ws_server server;
    dial_recorder r;
    client_loop loop;
    r.dial(loop, target_at(server.port()));
    assert_true(r.connected.wait());
    assert_string_equal(r.address.c_str(), ("127.0.0.1:" + std::to_string(server.port())).c_str());
    assert_true(run_in(loop.get(), [&] { r.own->abort(); }));
    assert_true(r.gone.wait());
    assert_int_equal(r.failed.count(), 0);
}

void the_request_is_ours_to_the_byte(void **) {
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    auto to = target_at(server.port(), "localhost");
    to.path_and_query = "/a/b?authorization=Bearer%20" + std::string(7000, 'x') + "&y=1";
    to.headers = "Origin: https://example.org\r\nX-Twice: 1\r\nX-Twice: 2\r\n";
    const std::string target = to.path_and_query;
    r.dial(loop, std::move(to));
    raw_peer peer = server.accept();
    std::string head = read_head(peer);
    const auto key = head.find("Sec-WebSocket-Key: ");
    assert_true(key != std::string::npos);
    assert_int_equal(head.find("\r\n", key) - key, 19 + 24);
    head.replace(key + 19, 24, "KEY");
    const std::string expected = "GET " + target +
                                 " HTTP/1.1\r\nHost: localhost:" + std::to_string(server.port()) +
                                 "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                 "Sec-WebSocket-Key: KEY\r\nSec-WebSocket-Version: 13\r\n"
                                 "Origin: https://example.org\r\nX-Twice: 1\r\nX-Twice: 2\r\n\r\n";
    assert_string_equal(head.c_str(), expected.c_str());
}

// A zone is for our side only.
void an_ipv6_literal(void **) {
    for (const char *host : {"::1", "::1%1"}) {
        dial_recorder r;
        client_loop loop;
        raw_listener server(AF_INET6);
        r.dial(loop, target_at(server.port(), host));
        raw_peer peer = server.accept();
        const std::string head = read_head(peer);
        assert_true(head.find("\r\nHost: [::1]:" + std::to_string(server.port()) + "\r\n") !=
                    std::string::npos);
    }
}

std::uint16_t port_of_nobody() {
    return raw_listener().port();
}

void tries_the_next_address(void **) {
    for (const int family : {AF_INET, AF_INET6}) {
        dial_recorder r;
        client_loop loop;
        raw_listener server(family);
        auto to = target_at(80, "localhost");
        to.addresses = {loopback(port_of_nobody()), loopback(port_of_nobody(), AF_INET6),
                        loopback(server.port(), family), loopback(port_of_nobody())};
        r.dial(loop, std::move(to));
        raw_peer peer = server.accept();
        const std::string head = read_head(peer);
        assert_true(head.find("\r\nHost: localhost\r\n") != std::string::npos);
        peer.close();
        expect_failure(r, status::closed, "localhost"); // who has answered once is not passed over
    }
}

// The second waits for as much time as the first has left it.
void an_address_that_does_not_answer_leaves_time_for_the_next(void **) {
    raw_listener silent(AF_INET, 0);
    raw_peer waiting[4]; // fill the queue, so that nobody answers any more
    for (raw_peer &each : waiting)
        each.start_connecting(silent.port());
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    auto to = target_at(80, "localhost");
    to.timeout = from_ms(400);
    to.addresses = {loopback(silent.port()), loopback(server.port())};
    r.dial(loop, std::move(to));
    raw_peer peer = server.accept();
    assert_true(!read_head(peer).empty());
}

void targets_that_cannot_be(void **) {
    for (int i = 0; i < 7; ++i) {
        dial_recorder r;
        client_loop loop;
        auto to = target_at(80);
        if (i == 0) to.host = "";
        if (i == 1) to.host = "a b";
        if (i == 2) to.port = 0;
        if (i == 3) to.path_and_query = "x";
        if (i == 4) to.path_and_query = "/x\r\nY: z";
        if (i == 5) to.path_and_query = "/" + std::string(net::max_target_size, 'x');
        if (i == 6) to.host = std::string(300, 'a');
        r.dial(loop, std::move(to));
        expect_failure(r, status::invalid, "");
        assert_false(r.why.reason.text.empty());
    }
}

void no_such_host(void **) {
    dial_recorder r;
    client_loop loop;
    auto to = target_at(80, "no-such-host.invalid");
    to.timeout = from_ms(60'000);
    r.dial(loop, std::move(to));
    assert_true(r.gone.wait(1, 60'000));
    expect_failure(r, status::resolve, "no-such-host.invalid");
}

void refused(void **) {
    const std::uint16_t port = port_of_nobody();
    dial_recorder r, both;
    client_loop loop;
    r.dial(loop, target_at(port));
    expect_failure(r, status::connect, "connection refused");
    assert_true(r.why.reason.text.find("127.0.0.1:" + std::to_string(port)) != std::string::npos);
    both.dial(loop, target_at(port, "localhost"));
    expect_failure(both, status::connect, "connection refused");
}

void a_silent_server_times_out(void **) {
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    auto to = target_at(server.port());
    to.timeout = from_ms(150);
    const auto begin = cryo_core::monotonic_now();
    r.dial(loop, std::move(to));
    raw_peer peer = server.accept();
    expect_failure(r, status::timeout, "within 150 ms: it does not answer the WebSocket upgrade");
    assert_true(cryo_core::monotonic_now() - begin >= from_ms(140));
    read_head(peer);
    assert_true(peer.receive_some().empty());
}

void a_server_that_never_accepts_times_out(void **) {
    dial_recorder r;
    client_loop loop;
    raw_listener server; // nobody calls accept: the system answers for it, until its queue is full
    auto to = target_at(server.port());
    to.timeout = from_ms(100);
    r.dial(loop, std::move(to));
    expect_failure(r, status::timeout, "127.0.0.1 within 100 ms");
}

void half_a_head_times_out(void **) {
    dial_recorder r;
    client_loop loop;
    raw_listener server;
    auto to = target_at(server.port());
    to.timeout = from_ms(150);
    r.dial(loop, std::move(to));
    raw_peer peer = server.accept();
    peer.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: webso");
    expect_failure(r, status::timeout, "upgrade");
}

void lost_at_each_stage(void **) {
    for (const bool reset : {false, true})
        for (int stage = 0; stage < 3; ++stage) {
            dial_recorder r;
            client_loop loop;
            raw_listener server;
            r.dial(loop, target_at(server.port()));
            raw_peer peer = server.accept();
            if (stage > 0) read_head(peer);
            if (stage > 1) peer.send("HTTP/1.1 101 Switching Protocols\r\nUpgr");
            reset ? peer.reset() : peer.close();
            assert_true(r.gone.wait());
            // A reset may overtake the news that it has connected.
            if (stage > 0 || !reset || r.why.reason.code != status::connect)
                expect_failure(r, status::closed, "before it answered");
            else
                expect_failure(r, status::connect, "connection reset by peer");
            assert_int_equal(r.why.http_status, 0);
        }
}

void unauthorized_with_the_server_s_words(void **) {
    dial_recorder r;
    expect_refusal(r, refusal("401 Unauthorized", "WWW-Authenticate: Bearer\r\n", "the token has expired\n"));
    expect_failure(r, status::http,
                   "127.0.0.1 refuses the WebSocket: 401 Unauthorized (the token has expired)");
    assert_int_equal(r.why.http_status, 401);
    assert_string_equal(r.why.body.c_str(), "the token has expired\n");
    assert_string_equal(r.why.retry_after.c_str(), "");
}

void unavailable_with_retry_after(void **) {
    for (const char *when : {"7", "Fri, 31 Dec 1999 23:59:59 GMT"}) {
        dial_recorder r;
        expect_refusal(
            r, refusal("503 Service Unavailable", "Retry-After: " + std::string(when) + "\r\n", "busy"),
            then::close);
        expect_failure(r, status::http, "503 Service Unavailable (busy)");
        assert_int_equal(r.why.http_status, 503);
        assert_string_equal(r.why.retry_after.c_str(), when);
    }
}

void refusals_of_all_shapes(void **) {
    {
        dial_recorder r; // no body, and no length
        expect_refusal(r, "HTTP/1.1 403 Forbidden\r\n\r\n", then::close);
        expect_failure(r, status::http, "403 Forbidden");
        assert_string_equal(r.why.body.c_str(), "");
    }
    {
        dial_recorder r;
        expect_refusal(r,
                       "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nlost\r\n0\r\n\r\n");
        expect_failure(r, status::http, "404 Not Found (lost)");
    }
    {
        dial_recorder r; // longer than what it brings, and than what is kept
        expect_refusal(r, "HTTP/1.1 500 Oops\r\nContent-Length: 100000\r\n\r\n" + std::string(20'000, 'x'));
        expect_failure(r, status::http, "500 Oops (xxx");
        assert_true(r.why.body.size() <= 4096);
        assert_true(r.why.reason.text.size() < 400);
    }
    {
        dial_recorder r; // a page is no sentence
        expect_refusal(r, refusal("502 Bad Gateway", "", "<html><body>nginx</body></html>"));
        expect_failure(r, status::http, "502 Bad Gateway");
        assert_true(r.why.reason.text.find('<') == std::string::npos);
        assert_true(r.why.body.find("nginx") != std::string::npos);
    }
    {
        dial_recorder r; // a redirection is not followed
        expect_refusal(r, refusal("301 Moved", "Location: ws://127.0.0.1:1/\r\n", ""));
        expect_failure(r, status::http, "301 Moved");
    }
    {
        dial_recorder r; // HTTP, but not a WebSocket
        expect_refusal(r, refusal("200 OK", "", "hello"));
        expect_failure(r, status::http, "200 OK");
    }
}

void answers_that_are_no_upgrade(void **) {
    const std::string good = "HTTP/1.1 101 Switching Protocols\r\n";
    for (const std::string &answer : {
             good + "\r\n",
             good + "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
             good + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                    "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
             good + "Upgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
         }) {
        dial_recorder r;
        expect_refusal(r, answer);
        expect_failure(r, status::http, "is no WebSocket upgrade");
    }
    for (const std::string &answer :
         {std::string("SSH-2.0-OpenSSH_9.2\r\n\r\n"), std::string("\x16\x03\x01\x02"),
          std::string(20'000, 'A'), std::string("\r\n\r\n\r\n")}) {
        dial_recorder r;
        expect_refusal(r, answer, then::close);
        assert_int_equal(r.failed.count(), 1);
        if (r.why.reason.code != status::http && r.why.reason.code != status::closed)
            fail_msg("%d: %s", static_cast<int>(r.why.reason.code), r.why.reason.text.c_str());
    }
}

// What was not asked for may not be agreed to.
void upgrades_with_additions(void **) {
    for (const char *addition :
         {"Sec-WebSocket-Extensions: permessage-deflate\r\n", "Sec-WebSocket-Protocol: x\r\n"}) {
        dial_recorder r;
        client_loop loop;
        raw_listener server;
        r.dial(loop, target_at(server.port()));
        raw_peer peer = server.accept();
        const std::string head = read_head(peer);
        const std::string key = head.substr(head.find("Sec-WebSocket-Key: ") + 19, 24);
        std::string answer = cryo_core::upgrade::switching_protocols(cryo_core::upgrade::accept_key(key));
        answer.insert(answer.size() - 2, addition);
        peer.send(answer);
        expect_failure(r, status::http, "is no WebSocket upgrade");
    }
}

// Frames that come in one piece with the answer to the upgrade, up to the close.
void frames_right_behind_the_upgrade(void **) {
    ws_script script;
    script.greeting = "\x82\x03one\x01\x01t\x80\x02wo\x88\x07\x0f\xa3later";
    ws_server server(script);
    dial_recorder r;
    client_loop loop;
    r.dial(loop, target_at(server.port()));
    assert_true(r.gone.wait());
    assert_int_equal(r.connected.count(), 1);
    assert_int_equal(r.messages.size(), 2);
    assert_string_equal(r.messages[0].c_str(), "b:one");
    assert_string_equal(r.messages[1].c_str(), "t:two");
    assert_string_equal(r.closed_with.c_str(), "4003 later");
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(connects_and_tells_where),
        cmocka_unit_test(the_request_is_ours_to_the_byte),
        cmocka_unit_test(an_ipv6_literal),
        cmocka_unit_test(tries_the_next_address),
        cmocka_unit_test(an_address_that_does_not_answer_leaves_time_for_the_next),
        cmocka_unit_test(targets_that_cannot_be),
        cmocka_unit_test(no_such_host),
        cmocka_unit_test(refused),
        cmocka_unit_test(a_silent_server_times_out),
        cmocka_unit_test(a_server_that_never_accepts_times_out),
        cmocka_unit_test(half_a_head_times_out),
        cmocka_unit_test(lost_at_each_stage),
        cmocka_unit_test(unauthorized_with_the_server_s_words),
        cmocka_unit_test(unavailable_with_retry_after),
        cmocka_unit_test(refusals_of_all_shapes),
        cmocka_unit_test(answers_that_are_no_upgrade),
        cmocka_unit_test(upgrades_with_additions),
        cmocka_unit_test(frames_right_behind_the_upgrade),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
