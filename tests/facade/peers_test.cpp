// Sessions from a server to another one, in C++: handlers of both kinds, queues, TLS.
#include "certificates.hpp"
#include "facade_support.hpp"

using namespace cryo_test;

namespace {

void echo(cryo::session session, cryo::message message) {
    session.send(message);
}

std::unique_ptr<cryo::server> echo_server(std::uint16_t port = 0) {
    auto server = std::make_unique<cryo::server>(cryo::server_options{.port = port}, accept_all);
    server->on_message(echo);
    server->start();
    return server;
}

} // namespace

static void test_a_conversation(void **) {
    const auto other = echo_server();
    mailbox<cryo::session> sessions;
    mailbox<std::string> own, general, closed;
    cryo::server server(any_port(), accept_all);
    server.on_session([&](cryo::session session) { sessions.put(std::move(session)); });
    server.on_message([&](cryo::message message) { general.put(std::string(message.text())); });
    server.on_closed(
        [&](int code, std::string_view reason) { closed.put(std::to_string(code) + std::string(reason)); });
    assert_int_equal(status_of([&] { server.connect_peer(connecting_to(other->port())); }), CRYO_ERR_STATE);
    server.start();
    const cryo::session peer = server.connect_peer(connecting_to(other->port()));
    peer.on_message([&](cryo::message message) { own.put(std::string(message.text())); });
    assert_true(peer.is_peer());
    assert_true(sessions.get() == peer);
    assert_int_equal(server.session_count(), 1);
    peer.send("hello");
    assert_string_equal(own.get().c_str(), "hello");
    assert_string_equal(general.get().c_str(), "hello");
    assert_int_equal(server.broadcast("all"), 1);
    assert_string_equal(own.get().c_str(), "all");
    assert_true(peer.close(4321, "enough"));
    assert_string_equal(closed.get().c_str(), "4321enough");
}

static void test_it_comes_back(void **) {
    auto other = echo_server();
    const std::uint16_t port = other->port();
    mailbox<std::string> told;
    mailbox<cryo_status> failed;
    cryo::server server(any_port(), accept_all);
    server.on_session([&](cryo::session) { told.put("session"); });
    server.on_disconnected([&](const cryo::session &who, int code, std::string_view) {
        told.put(std::to_string(code) + (who.is_peer() ? " peer" : ""));
    });
    server.on_reconnected([&](const cryo::session &who) { who.send("back"); });
    server.on_attempt_failed([&](const cryo::failed_attempt &failure) { failed.put(failure.status); });
    server.on_message([&](cryo::message message) { told.put(std::string(message.text())); });
    server.start();
    server.connect_peer(connecting_to(port));
    assert_string_equal(told.get().c_str(), "session");
    other.reset();
    assert_string_equal(told.get().c_str(), "4000 peer");
    assert_int_equal(failed.get(), CRYO_ERR_CONNECT);
    other = echo_server(port);
    assert_string_equal(told.get().c_str(), "back");
}

// One that was never connected has its end, and its own handlers go with it.
static void test_one_that_is_refused(void **) {
    cryo::server other(any_port(), [](cryo::auth ticket) { ticket.reject("Not you."); });
    other.start();
    std::atomic<int> kept{0};
    mailbox<int> http_status, closed;
    {
        cryo::server server(any_port(), accept_all);
        server.on_attempt_failed(
            [&](const cryo::failed_attempt &failure) { http_status.put(failure.http_status); });
        server.on_closed([&](int code, std::string_view) { closed.put(code); });
        server.start();
        for (int i = 0; i < 20; ++i) {
            const cryo::session peer = server.connect_peer(connecting_to(other.port()));
            // Keeps its own session: only the last event breaks the circle.
            peer.on_message([peer, c = counted(kept)](cryo::message) {});
            assert_int_equal(http_status.get(), 401);
            closed.get();
        }
    }
    assert_int_equal(kept, 0);
}

static void test_events_are_pulled(void **) {
    const auto other = echo_server();
    cryo::queue queue;
    cryo::server server(any_port(), accept_all, queue);
    server.start();
    const cryo::session peer = server.connect_peer(connecting_to(other->port()));
    const auto next = [&](cryo::event_kind kind) {
        for (;;) {
            std::optional<cryo::event> event = queue.next(patience);
            assert_true(event.has_value());
            if (event->kind() == kind) return std::move(*event);
        }
    };
    assert_true(next(cryo::event_kind::session).session() == peer);
    peer.send("hello");
    assert_true(next(cryo::event_kind::message).message().text() == "hello");
    peer.close();
    assert_true(next(cryo::event_kind::closed).session() == peer);
}

// A loop that serves TLS can connect by it as well, with a trust of its own.
static void test_with_tls_on_both_sides(void **) {
    certificate_maker maker;
    const auto key = maker.make_ec_key();
    const std::string certificate = maker.self_signed({.authority = true}, key);
    const cryo::tls_memory material{certificate, certificate_maker::pem_of(key)};
    cryo::server other({.port = 0, .tls = material}, accept_all);
    other.on_message(echo);
    other.start();
    for (const std::uint32_t threads : {1u, 2u}) {
        mailbox<std::string> told;
        mailbox<cryo_status> failed;
        cryo::server server({.port = 0, .threads = threads, .tls = material}, accept_all);
        server.on_message([&](cryo::message message) { told.put(std::string(message.text())); });
        server.on_session([](const cryo::session &who) { who.send("hello"); });
        server.on_attempt_failed([&](const cryo::failed_attempt &failure) { failed.put(failure.status); });
        server.start();
        cryo::client_options options = connecting_to(other.port());
        options.url = "wss://localhost:" + std::to_string(other.port()) + "/";
        options.ca = cryo::ca_memory{certificate};
        server.connect_peer(options);
        assert_string_equal(told.get().c_str(), "hello");
        options.ca = {};
        server.connect_peer(options);
        assert_int_equal(failed.get(), CRYO_ERR_TLS_UNTRUSTED);
    }
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_a_conversation),         cmocka_unit_test(test_it_comes_back),
        cmocka_unit_test(test_one_that_is_refused),    cmocka_unit_test(test_events_are_pulled),
        cmocka_unit_test(test_with_tls_on_both_sides),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
