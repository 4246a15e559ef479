// A client whose server goes and comes back: what it tells, called back and pulled.
#include "facade_support.hpp"

using namespace cryo_test;

namespace {

// A server that can be put down and up again on the same port.
class restarting_server {
  public:
    restarting_server() { up(); }

    void up() {
        server_ = std::make_unique<cryo::server>(cryo::server_options{.port = port_}, accept_all);
        server_->on_session([this](cryo::session session) { sessions.put(std::move(session)); });
        server_->on_message([](cryo::session session, cryo::message message) { session.send(message); });
        server_->start();
        port_ = server_->port();
    }
    void down() { server_.reset(); }
    std::uint16_t port() const { return port_; }

    mailbox<cryo::session> sessions;

  private:
    std::uint16_t port_ = 0;
    std::unique_ptr<cryo::server> server_;
};

// The next event of this kind; statistics, and more failed attempts, come when they like.
cryo::event next(cryo::queue &queue, cryo::event_kind kind) {
    for (;;) {
        std::optional<cryo::event> event = queue.next(patience);
        if (!event) throw std::runtime_error("no event came");
        if (event->kind() == kind) return std::move(*event);
    }
}

} // namespace

static void test_it_comes_back(void **) {
    restarting_server there;
    mailbox<std::string> told;
    mailbox<cryo_status> failed;
    cryo::client client(connecting_to(there.port()));
    client.on_connected([&](cryo::session &) { told.put("connected"); });
    client.on_disconnected([&](const cryo::session &, int code, std::string_view reason) {
        told.put(std::to_string(code) + std::string(reason));
    });
    client.on_attempt_failed([&](const cryo::failed_attempt &failure) {
        if (!failure.retry_in || *failure.retry_in > std::chrono::milliseconds(20))
            told.put("waits too long");
        if (failure.text.empty()) told.put("says nothing");
        failed.put(failure.status);
    });
    client.on_reconnected([&](const cryo::session &session) { session.send("back"); });
    client.on_message([&](cryo::message message) { told.put(std::string(message.text())); });
    client.start();
    assert_string_equal(told.get().c_str(), "connected");
    const std::array<std::uint8_t, 16> id = there.sessions.get().id();

    there.down();
    assert_string_equal(told.get().c_str(), "4000Server shutdown.");
    for (int i = 0; i < 3; ++i)
        assert_int_equal(failed.get(), CRYO_ERR_CONNECT);
    assert_int_equal(status_of([&] { client.session().send("to nobody"); }), CRYO_ERR_STATE);

    there.up();
    assert_true(there.sessions.get().id() == id);
    assert_string_equal(told.get().c_str(), "back");
    assert_true(client.session().id() == id);
}

static void test_it_gives_up_where_it_is_told_to(void **) {
    restarting_server there;
    mailbox<std::string> told;
    cryo::client_options options = connecting_to(there.port());
    options.reconnect_attempts = 2;
    cryo::client client(options);
    client.on_connected([&](cryo::session &) { told.put("connected"); });
    client.on_attempt_failed(
        [&](cryo::failed_attempt failure) { told.put(failure.retry_in ? "again" : "never again"); });
    client.on_closed([&](int, std::string_view) { told.put("closed"); });
    client.start();
    assert_string_equal(told.get().c_str(), "connected");
    there.down();
    std::string last;
    std::size_t failures = 0;
    for (last = told.get(); last == "again"; last = told.get())
        ++failures;
    assert_string_equal(last.c_str(), "never again");
    assert_string_equal(told.get().c_str(), "closed");
    assert_in_range(failures, 1, 2);
    client.wait();
}

// A server that lets it in and closes at once is a failure each time: no connection has held.
static void test_a_connection_that_does_not_hold_is_a_failure(void **) {
    restarting_server there;
    mailbox<std::string> told;
    cryo::client_options options = connecting_to(there.port());
    options.reconnect_attempts = 3;
    cryo::client client(options);
    const auto note = [&](const char *what) { told.put(what); };
    client.on_connected([&](cryo::session &) { note("connected"); });
    client.on_disconnected([&](cryo::session &, int, std::string_view) { note("disconnected"); });
    client.on_reconnected([&](cryo::session &) { note("reconnected"); });
    client.on_closed([&](int code, std::string_view) { told.put("closed " + std::to_string(code)); });
    client.start();
    assert_string_equal(told.get().c_str(), "connected");
    for (int attempt = 1; attempt <= 3; ++attempt) {
        there.sessions.get().close(1011, "overloaded");
        assert_string_equal(told.get().c_str(), "disconnected");
        assert_string_equal(told.get().c_str(), "reconnected");
    }
    there.sessions.get().close(1011, "overloaded");
    assert_string_equal(told.get().c_str(), "closed 1011");
    client.wait();
}

static void test_closing_while_it_tries(void **) {
    restarting_server there;
    const std::uint16_t port = there.port();
    there.down();
    cryo::client_options options = connecting_to(port);
    options.reconnect_initial = options.reconnect_max = std::chrono::hours(1);
    mailbox<std::string> told;
    cryo::client client(options);
    client.on_attempt_failed([&](cryo::failed_attempt) { told.put("failed"); });
    client.on_closed([&](int, std::string_view) { told.put("closed"); });
    client.start();
    assert_string_equal(told.get().c_str(), "failed");
    assert_true(client.close(4000, "enough"));
    assert_string_equal(told.get().c_str(), "closed");
    client.wait();
}

static void test_pulled(void **) {
    restarting_server there;
    cryo::queue queue;
    cryo::client client(connecting_to(there.port()), queue);
    assert_int_equal(status_of([&] { client.on_message([](cryo::message) {}); }), CRYO_ERR_STATE);
    assert_int_equal(status_of([&] { client.session().on_message([](cryo::message) {}); }), CRYO_ERR_STATE);
    client.start();
    assert_true(next(queue, cryo::event_kind::session).session() == client.session());
    client.session().send("hello");
    const cryo::event message = next(queue, cryo::event_kind::message);
    assert_true(message.message().text() == "hello");
    assert_true(message.session() == client.session());

    there.down();
    const cryo::event disconnected = next(queue, cryo::event_kind::disconnected);
    assert_int_equal(disconnected.code(), 4000);
    assert_true(disconnected.reason() == "Server shutdown.");
    const cryo::event failed = next(queue, cryo::event_kind::attempt_failed);
    assert_true(failed.session() == client.session());
    assert_int_equal(failed.attempt().status, CRYO_ERR_CONNECT);
    assert_int_equal(failed.attempt().http_status, 0);
    assert_false(failed.attempt().text.empty());
    assert_true(failed.attempt().retry_in && *failed.attempt().retry_in <= std::chrono::milliseconds(20));

    there.up();
    assert_true(next(queue, cryo::event_kind::reconnected).session() == client.session());
    client.close(4321, "done");
    const cryo::event closed = next(queue, cryo::event_kind::closed);
    assert_int_equal(closed.code(), 4321);
    assert_true(closed.reason() == "done");
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_it_comes_back),
        cmocka_unit_test(test_it_gives_up_where_it_is_told_to),
        cmocka_unit_test(test_a_connection_that_does_not_hold_is_a_failure),
        cmocka_unit_test(test_closing_while_it_tries),
        cmocka_unit_test(test_pulled),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
