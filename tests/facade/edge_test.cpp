// What a server answers to others than its clients, what it counts, and how it empties itself.
#include "facade_support.hpp"

#include "raw_peer.hpp"

#include <string>

using namespace cryo_test;
using std::chrono::hours;
using std::chrono::milliseconds;

static std::string ask(const cryo::server &server, const std::string &path, const std::string &headers = "") {
    raw_peer peer(server.port());
    peer.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n");
    return peer.receive_all();
}

static bool has(const std::string &text, const char *part) {
    return text.find(part) != std::string::npos;
}

static cryo::server_options with(bool health, bool metrics, std::string token = {}) {
    cryo::server_options options = any_port();
    options.health = health;
    options.metrics = metrics;
    options.metrics_token = std::move(token);
    return options;
}

static void test_off_by_default(void **) {
    cryo::server server(any_port(), accept_all);
    server.start();
    for (const char *path : {"/healthz", "/readyz", "/metrics", "/"})
        assert_true(has(ask(server, path), "HTTP/1.1 426 "));
}

static void test_health_and_metrics(void **) {
    cryo::server server(with(true, true), accept_all);
    assert_true(server.stat(cryo::server_statistic::health_checks) == 0); // before the start, too
    assert_true(has(server.metrics(), "\ncryo_sessions 0\n"));
    server.start();
    assert_true(has(ask(server, "/healthz"), "\r\n\r\nok\n"));
    assert_true(has(ask(server, "/readyz"), "\r\n\r\nready\n"));
    assert_true(has(ask(server, "/metrics"), "\ncryo_health_checks_total 3\n"));
    assert_true(has(server.metrics(), "\ncryo_health_checks_total 3\n"));
    assert_true(server.stat(cryo::server_statistic::health_checks) == 3);
    assert_true(has(ask(server, "/metrics", "Via: 1.1 p\r\n"), "HTTP/1.1 403 "));
    assert_true(server.stat(cryo::server_statistic::refused) == 1);
    assert_true(server.stat(cryo::server_statistic::refused, 403) == 1);
    assert_true(server.stat(cryo::server_statistic::refused, 404) == 0);
    assert_int_equal(status_of([&] { server.stat(cryo::server_statistic::sessions, 1); }), CRYO_ERR_INVALID);
}

static void test_metrics_by_token(void **) {
    cryo::server server(with(false, true, "scraper"), accept_all);
    server.start();
    assert_true(
        has(ask(server, "/metrics", "Authorization: Bearer scraper\r\nVia: 1.1 p\r\n"), "HTTP/1.1 200 "));
    assert_true(has(ask(server, "/metrics", "Authorization: Bearer other\r\n"), "HTTP/1.1 401 "));
    assert_true(has(ask(server, "/metrics"), "HTTP/1.1 401 "));
    assert_true(has(ask(server, "/healthz"), "HTTP/1.1 426 ")); // another switch
}

// A full server is well, and those who ask count for no limit.
static void test_limits_do_not_count_for_questions(void **) {
    cryo::server_options options = with(true, true);
    options.max_sessions = 1;
    options.max_sessions_per_address = 1;
    mailbox<bool> came;
    cryo::server server(options, accept_all);
    server.on_session([&](cryo::session &) { came.put(true); });
    server.start();
    {
        raw_peer asks(server.port());
        asks.send("GET /healthz HTTP/1.0\r\n\r\n");
        assert_true(has(asks.receive(20), "200 OK"));
        foreign_client client(server.port()); // while that connection is still there
        assert_int_equal(client.status(), 101);
        came.get();
        assert_true(has(ask(server, "/healthz"), "\r\n\r\nok\n"));
        assert_true(has(ask(server, "/readyz"), "\r\n\r\nready, and full\n"));
        assert_true(has(ask(server, "/metrics"), "\ncryo_sessions 1\n"));
        assert_int_equal(foreign_client(server.port()).status(), 503);
        client.send_text("still here");
    }
}

static void test_drain(void **) {
    mailbox<bool> came;
    cryo::server server(with(true, false), accept_all);
    server.on_session([&](cryo::session &) { came.put(true); });
    assert_int_equal(status_of([&] { server.drain(hours(1), milliseconds(0)); }), CRYO_ERR_STATE);
    server.start();
    foreign_client client(server.port());
    came.get();
    server.drain(hours(1), milliseconds(0));
    assert_true(server.stat(cryo::server_statistic::draining) == 1);
    assert_true(has(ask(server, "/readyz"), "HTTP/1.1 503 "));
    assert_int_equal(status_of([&] { server.drain(milliseconds(-1), milliseconds(0)); }), CRYO_ERR_INVALID);
    server.drain(milliseconds(0), milliseconds(0),
                 {.code = 1012, .reason = "Bye.", .retry = milliseconds(900)});
    const close_seen seen = client.wait_for_close();
    assert_int_equal(seen.code, 1012);
    assert_string_equal(seen.reason.c_str(), "Bye. (retry in 900 ms)");
    server.wait();
}

// A client of this library comes back, and not before it is told to.
static void test_our_clients_take_the_hint(void **) {
    mailbox<std::chrono::steady_clock::time_point> came;
    mailbox<std::string> left;
    cryo::server server(any_port(), accept_all);
    server.on_session([&](cryo::session &) { came.put({}); });
    server.start();
    cryo::client client({.url = "ws://127.0.0.1:" + std::to_string(server.port()),
                         .token = "t",
                         .reconnect_initial = milliseconds(1),
                         .reconnect_max = milliseconds(1)});
    mailbox<std::chrono::milliseconds> tries_in;
    mailbox<int> failures;
    const auto began = std::chrono::steady_clock::now();
    client.on_disconnected([&](int, std::string_view reason) { left.put(std::string(reason)); });
    client.on_attempt_failed([&](const cryo::failed_attempt &) { failures.put(1); });
    client.start();
    came.get();
    server.drain(milliseconds(0), milliseconds(0), {.reason = "Moving.", .retry = milliseconds(500)});
    assert_string_equal(left.get().c_str(), "Moving. (retry in 500 ms)");
    server.wait();
    failures.get(); // there is nobody, but it has tried: 4000 with a hint is not the end
    assert_true(std::chrono::steady_clock::now() - began >= milliseconds(500));
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_off_by_default),
        cmocka_unit_test(test_health_and_metrics),
        cmocka_unit_test(test_metrics_by_token),
        cmocka_unit_test(test_limits_do_not_count_for_questions),
        cmocka_unit_test(test_drain),
        cmocka_unit_test(test_our_clients_take_the_hint),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
