// A server's life, its sessions, and what it tells all of them.
#include "facade_support.hpp"

#include <algorithm>

using namespace cryo_test;

static void test_a_conversation(void **) {
    cryo::server server({.port = 0}, [](cryo::auth auth) {
        auth.token() == "MySuperSecretToken" ? auth.accept() : auth.reject();
    });
    server.on_session([](cryo::session session) {
        session.send("Welcome!");
        session.on_message([=](cryo::message message) { session.send(message); });
    });
    assert_int_equal(server.port(), 0);
    server.start();
    assert_int_not_equal(server.port(), 0);

    foreign_client client(server.port(), {.token = "MySuperSecretToken"});
    assert_int_equal(client.status(), 101);
    assert_string_equal(client.receive_text().c_str(), "Welcome!");
    client.send_text("h\u00e9llo");
    assert_string_equal(client.receive_text().c_str(), "h\u00e9llo");
    client.send_binary(std::string("\0\xff\x80", 3));
    assert_true(client.receive_binary() == std::string("\0\xff\x80", 3));
    client.send_text("");
    assert_string_equal(client.receive_text().c_str(), "");

    foreign_client stranger(server.port(), {.token = "guess"});
    assert_int_equal(stranger.status(), 401);
}

static void test_listening_tells_what_was_bound(void **) {
    mailbox<std::pair<std::string, std::uint16_t>> told;
    cryo::server server(any_port(), accept_all);
    server.on_listening([&](std::string_view host, std::uint16_t port) {
        told.put({std::string(host), port});
    });
    server.start();
    const auto [host, port] = told.get();
    assert_string_equal(host.c_str(), "127.0.0.1");
    assert_int_equal(port, server.port());
}

static void test_stop_says_farewell(void **) {
    mailbox<std::pair<int, std::string>> closed;
    cryo::server server(any_port(), accept_all);
    mailbox<bool> came;
    server.on_session([&](cryo::session &) { came.put(true); });
    server.on_closed([&](int code, std::string_view reason) { closed.put({code, std::string(reason)}); });
    server.stop(); // not started: nothing happens
    server.start();
    foreign_client client(server.port());
    came.get();
    assert_false(server.wait_for(std::chrono::milliseconds(0)));
    server.stop();
    server.stop();
    const close_seen seen = client.wait_for_close();
    assert_int_equal(seen.code, 4000);
    assert_string_equal(seen.reason.c_str(), "Server shutdown.");
    server.wait();
    const auto [code, reason] = closed.get();
    assert_int_equal(code, 4000);
    assert_string_equal(reason.c_str(), "Server shutdown.");
    assert_int_equal(server.session_count(), 0);
    assert_int_equal(status_of([&] { server.broadcast("anybody?"); }), CRYO_ERR_CLOSED);
}

static void test_destroying_ends_everything(void **) {
    std::atomic<int> alive{0};
    std::atomic<int> closed{0};
    auto server = std::make_unique<cryo::server>(
        any_port(), [keep = counted(alive)](cryo::auth ticket) { ticket.accept(); });
    mailbox<bool> came;
    server->on_session([&, keep = counted(alive)](cryo::session &) { came.put(true); });
    server->on_closed([&, keep = counted(alive)](int, std::string_view) { ++closed; });
    server->start();
    foreign_client one(server->port());
    foreign_client two(server->port());
    came.get();
    came.get();
    one.hang_up();
    two.hang_up();
    server.reset();
    assert_int_equal(closed, 2);
    assert_int_equal(alive, 0);
}

static void test_a_server_may_be_moved(void **) {
    cryo::server first(any_port(), accept_all);
    first.on_session([](cryo::session session) { session.send("hello"); });
    cryo::server second(std::move(first));
    second.start();
    foreign_client client(second.port());
    assert_string_equal(client.receive_text().c_str(), "hello");
    assert_null(first.native());
    assert_int_equal(status_of([&] { first.start(); }), CRYO_ERR_HANDLE);
    assert_int_equal(first.port(), 0);
    second = cryo::server(any_port(), accept_all);
    assert_int_equal(client.wait_for_close().code, 4000);
}

static void test_starting_tells_what_is_wrong(void **) {
    cryo::server server(any_port(), accept_all);
    server.start();
    assert_int_equal(status_of([&] { server.start(); }), CRYO_ERR_STATE);

    cryo::server other({.port = server.port()}, accept_all);
    assert_int_equal(status_of([&] { other.start(); }), CRYO_ERR_ADDRESS_IN_USE);
    try {
        other.start();
    } catch (const cryo::error &e) {
        assert_string_equal(e.name(), "CRYO_ERR_ADDRESS_IN_USE");
        assert_non_null(std::strstr(e.what(), std::to_string(server.port()).c_str()));
    }
    // It is as before, and can be tried again: handlers may still be set.
    other.on_session([](cryo::session &) {});
    assert_int_equal(status_of([&] { other.start(); }), CRYO_ERR_ADDRESS_IN_USE);

    cryo::server nowhere({.host = "192.0.2.1", .port = 0}, accept_all);
    assert_int_equal(status_of([&] { nowhere.start(); }), CRYO_ERR_ADDRESS);
    cryo::server keyless({.port = 0, .tls = cryo::tls_files{"/nonexistent.pem", "/nonexistent.key"}},
                         accept_all);
    assert_int_equal(status_of([&] { keyless.start(); }), CRYO_ERR_TLS_FILE);
    cryo::server nonsense({.port = 0, .tls = cryo::tls_memory{"no certificate", "no key"}}, accept_all);
    assert_int_equal(status_of([&] { nonsense.start(); }), CRYO_ERR_TLS_CERTIFICATE);
}

static void test_sessions_can_be_listed_and_found(void **) {
    cryo::server server(any_port(), accept_all);
    mailbox<cryo::session> came;
    server.on_session([&](const cryo::session &session) { came.put(session); });
    server.start();
    assert_int_equal(server.sessions().size(), 0);

    foreign_client one(server.port());
    const cryo::session first = came.get();
    foreign_client two(server.port());
    const cryo::session second = came.get();
    assert_int_equal(server.session_count(), 2);
    const std::vector<cryo::session> all = server.sessions();
    assert_int_equal(all.size(), 2);
    assert_true(std::find(all.begin(), all.end(), first) != all.end());
    assert_true(std::find(all.begin(), all.end(), second) != all.end());

    const std::optional<cryo::session> found = server.find(second.id());
    assert_true(found && *found == second && *found != first);
    assert_string_equal(found->id_text().c_str(), two.sid().c_str());
    assert_false(server.find({}).has_value());
}

static void test_many_sessions_are_listed(void **) {
    cryo::server server(any_port(), accept_all);
    mailbox<bool> came;
    server.on_session([&](cryo::session &) { came.put(true); });
    server.start();
    std::vector<std::unique_ptr<foreign_client>> clients;
    for (int i = 0; i < 50; ++i) {
        clients.push_back(std::make_unique<foreign_client>(server.port()));
        came.get();
    }
    assert_int_equal(server.sessions().size(), 50);
}

static void test_broadcast_reaches_the_others(void **) {
    cryo::server server({.port = 0, .threads = 2}, accept_all);
    mailbox<cryo::session> came;
    server.on_session([&](cryo::session session) { came.put(session); });
    mailbox<std::size_t> reached;
    server.on_message([&](const cryo::session &from, const cryo::message &what) {
        reached.put(server.broadcast(what, from));
    });
    server.start();
    foreign_client one(server.port());
    came.get();
    foreign_client two(server.port());
    came.get();
    foreign_client three(server.port());
    came.get();

    one.send_text("from one");
    assert_int_equal(reached.get(), 2);
    assert_string_equal(two.receive_text().c_str(), "from one");
    assert_string_equal(three.receive_text().c_str(), "from one");
    assert_int_equal(server.broadcast("to all"), 3);
    assert_string_equal(one.receive_text().c_str(), "to all"); // and nothing before it
    const std::array<std::uint8_t, 3> data{1, 0, 2};
    assert_int_equal(server.broadcast(data), 3);
    assert_true(one.receive_binary() == std::string("\1\0\2", 3));
}

static void test_options_that_do_not_fit(void **) {
    // Told when the server is made, not when it is started.
    assert_int_equal(
        status_of([] { cryo::server({.port = 0, .high_water_mark = 10, .low_water_mark = 20}, accept_all); }),
        CRYO_ERR_INVALID);
    assert_int_equal(status_of([] { cryo::server({.port = 0, .threads = 257}, accept_all); }),
                     CRYO_ERR_INVALID);
    assert_int_equal(status_of([] { cryo::server({.keepalive = std::chrono::hours(-1)}, accept_all); }),
                     CRYO_ERR_INVALID);
    assert_int_equal(status_of([] { cryo::server({.keepalive = std::chrono::hours(24 * 365)}, accept_all); }),
                     CRYO_ERR_INVALID);
    assert_int_equal(status_of([] { cryo::server({.host = std::string("a\0b", 3)}, accept_all); }),
                     CRYO_ERR_INVALID);
    assert_int_equal(status_of([] { cryo::server({}, cryo::validate_handler()); }), CRYO_ERR_INVALID);
    assert_int_equal(status_of([] { cryo::server({}, std::function<void(cryo::auth)>()); }),
                     CRYO_ERR_INVALID);
}

static void test_what_carries_the_connections_is_told(void **) {
    const cryo::server as_it_comes({.port = 0}, accept_all);
    assert_true(as_it_comes.transport() == cryo::transport::poll);
    const cryo::server chosen({.port = 0, .transport = cryo::transport::libwebsockets}, accept_all);
    assert_true(chosen.transport() == cryo::transport::libwebsockets);
}

static void test_versions(void **) {
    assert_true(cryo::version() == cryo_version_string());
    assert_false(cryo::build_info().empty());
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_a_conversation),
        cmocka_unit_test(test_listening_tells_what_was_bound),
        cmocka_unit_test(test_stop_says_farewell),
        cmocka_unit_test(test_destroying_ends_everything),
        cmocka_unit_test(test_a_server_may_be_moved),
        cmocka_unit_test(test_starting_tells_what_is_wrong),
        cmocka_unit_test(test_sessions_can_be_listed_and_found),
        cmocka_unit_test(test_many_sessions_are_listed),
        cmocka_unit_test(test_broadcast_reaches_the_others),
        cmocka_unit_test(test_options_that_do_not_fit),
        cmocka_unit_test(test_what_carries_the_connections_is_told),
        cmocka_unit_test(test_versions),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
