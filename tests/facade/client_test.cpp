// A client and a server in one process: connecting, talking, closing, refusals, handlers.
#include "facade_support.hpp"

#include <thread>

using namespace cryo_test;

static_assert(!std::is_copy_constructible_v<cryo::client> && std::is_move_constructible_v<cryo::client>);

namespace {

void echo(cryo::session &session, cryo::message message) {
    session.send(message);
}

// An echo server that lets "secret" in.
class echo_server {
  public:
    explicit echo_server(cryo::server_options options = any_port())
        : server(options, [](cryo::auth ticket) {
              ticket.token() == "secret" ? ticket.accept() : ticket.reject("That is not the word.");
          }) {
        server.on_session([this](cryo::session session) { sessions.put(std::move(session)); });
        server.on_message(&echo);
        server.on_closed([this](int code, std::string_view reason) {
            closed.put(std::to_string(code) + std::string(reason));
        });
        server.start();
    }

    mailbox<cryo::session> sessions;
    mailbox<std::string> closed;
    cryo::server server; // last: it uses the others
};

// What a client tells, as text in one mailbox.
void collect(cryo::client &client, mailbox<std::string> &told) {
    client.on_connected([&](cryo::session &) { told.put("connected"); });
    client.on_message([&](cryo::message message) {
        told.put((message.is_text() ? "text " : "binary ") + std::string(message.text()));
    });
    client.on_disconnected(
        [&](int code, std::string_view) { told.put("disconnected " + std::to_string(code)); });
    client.on_reconnected([&](cryo::session &) { told.put("reconnected"); });
    client.on_attempt_failed([&](cryo::failed_attempt failure) {
        told.put("failed " + std::string(cryo_status_name(failure.status)) + " " +
                 std::to_string(failure.http_status) + (failure.retry_in ? " again" : " never again"));
    });
    client.on_closed([&](int code, std::string_view reason) {
        told.put("closed " + std::to_string(code) + " " + std::string(reason));
    });
}

} // namespace

static void test_a_conversation(void **) {
    echo_server there;
    mailbox<std::string> told;
    cryo::client_options options = connecting_to(there.server.port());
    options.url += "a/path?from=url";
    options.parameters = {{"room", "tea & biscuits"}, {"empty", ""}};
    options.session_id = std::array<std::uint8_t, 16>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    cryo::client client(options);
    collect(client, told);
    client.start();
    assert_string_equal(told.get().c_str(), "connected");

    const cryo::session theirs = there.sessions.get();
    const cryo::session mine = client.session();
    assert_true(mine.id() == *options.session_id && theirs.id() == *options.session_id);
    assert_string_equal(theirs.path().c_str(), "/a/path");
    assert_string_equal(theirs.parameter("room")->c_str(), "tea & biscuits");
    assert_string_equal(theirs.parameter("from")->c_str(), "url");
    assert_string_equal(theirs.parameter("empty")->c_str(), "");
    assert_true(mine.is_open() && !mine.is_secure());

    mine.send("h\u00e9llo");
    assert_string_equal(told.get().c_str(), "text h\u00e9llo");
    const std::array<std::uint8_t, 3> data{'a', 0xff, 'b'};
    mine.send(data);
    assert_string_equal(told.get().c_str(), "binary a\xff"
                                            "b");
    mine.send("");
    assert_string_equal(told.get().c_str(), "text ");
    theirs.send("unasked");
    assert_string_equal(told.get().c_str(), "text unasked");
    assert_true(mine.stat(cryo::statistic::rtt).has_value());

    assert_false(client.wait_for(std::chrono::milliseconds(0)));
    assert_true(client.close(4123, "that will do"));
    assert_string_equal(there.closed.get().c_str(), "4123that will do");
    assert_string_equal(told.get().c_str(), "closed 4123 that will do");
    client.wait();
    assert_true(client.wait_for(std::chrono::milliseconds(0)));
    assert_false(client.close());
    assert_false(mine.is_open());
    assert_false(mine.send("too late"));
    assert_int_equal(told.size(), 0);
}

static void test_the_session_has_handlers_of_its_own(void **) {
    echo_server there;
    mailbox<std::string> calls;
    cryo::client client(connecting_to(there.server.port()));
    client.session().on_message([&](cryo::message) { calls.put("own message"); });
    client.session().on_closed([&](int, std::string_view) { calls.put("own closed"); });
    client.on_message([&](cryo::message) { calls.put("message"); });
    client.on_closed([&](int, std::string_view) { calls.put("closed"); });
    client.start();
    there.sessions.get().send("hello");
    assert_string_equal(calls.get().c_str(), "own message");
    assert_string_equal(calls.get().c_str(), "message");
    client.session().close();
    assert_string_equal(calls.get().c_str(), "own closed");
    assert_string_equal(calls.get().c_str(), "closed");
}

static void test_a_refused_token_ends_it(void **) {
    echo_server there;
    cryo::client_options options = connecting_to(there.server.port());
    options.token = "guess";
    mailbox<std::string> told;
    mailbox<std::string> words;
    cryo::client client(options);
    collect(client, told);
    client.on_attempt_failed([&](const cryo::session &, const cryo::failed_attempt &failure) {
        assert_int_equal(failure.status, CRYO_ERR_HTTP);
        assert_int_equal(failure.http_status, 401);
        assert_false(failure.retry_in.has_value());
        words.put(std::string(failure.text));
    });
    client.start();
    assert_true(words.get().find("That is not the word.") != std::string::npos);
    assert_string_equal(told.get().substr(0, 6).c_str(), "closed");
    client.wait();
    assert_int_equal(told.size(), 0);
}

static void test_codes_after_which_it_stays_away(void **) {
    echo_server there;
    for (const int code : {4000, 4001, 4010, 4011}) {
        mailbox<std::string> told;
        cryo::client client(connecting_to(there.server.port()));
        collect(client, told);
        client.start();
        assert_string_equal(told.get().c_str(), "connected");
        there.sessions.get().close(code, "go away");
        assert_string_equal(told.get().c_str(), ("closed " + std::to_string(code) + " go away").c_str());
        client.wait();
    }
}

static void test_cale_on_both_ends(void **) {
    echo_server there({.port = 0, .cale = true});
    cryo::client_options options = connecting_to(there.server.port());
    options.cale = true;
    mailbox<std::string> told;
    cryo::client client(options);
    collect(client, told);
    client.start();
    assert_string_equal(told.get().c_str(), "connected");
    assert_true(client.session().is_secure());
    assert_true(there.sessions.get().is_secure());
    for (int i = 0; i < 200; ++i)
        client.session().send("sealed " + std::to_string(i));
    for (int i = 0; i < 200; ++i)
        assert_string_equal(told.get().c_str(), ("text sealed " + std::to_string(i)).c_str());
}

static void test_cale_on_one_end_only(void **) {
    for (const bool on : {false, true}) {
        echo_server there({.port = 0, .cale = on});
        cryo::client_options options = connecting_to(there.server.port());
        options.cale = !on;
        mailbox<int> closed;
        cryo::client client(options);
        client.on_connected([&](cryo::session &session) {
            // A server without CALE is found out by the first thing that it says.
            if (!on) session.send("hello");
        });
        client.on_closed([&](int code, std::string_view) { closed.put(code); });
        client.start();
        if (!on) there.sessions.get().send("in the clear");
        assert_int_equal(closed.get(), CRYO_CLOSE_CALE_MISMATCH);
    }
}

static void test_what_is_not_possible_when(void **) {
    echo_server there;
    mailbox<std::string> told;
    cryo::client client(connecting_to(there.server.port()));
    assert_int_equal(status_of([&] { client.close(); }), CRYO_ERR_STATE);
    assert_int_equal(status_of([&] { client.wait(); }), CRYO_ERR_STATE);
    assert_true(client.session().try_send("too early") != CRYO_OK);
    assert_false(client.session().is_open());
    collect(client, told);
    client.start();
    assert_int_equal(status_of([&] { client.start(); }), CRYO_ERR_STATE);
    assert_int_equal(status_of([&] { client.on_message([](cryo::message) {}); }), CRYO_ERR_STATE);
    assert_int_equal(status_of([&] { client.on_lost([](cryo::message) {}); }), CRYO_ERR_STATE);
    assert_string_equal(told.get().c_str(), "connected");
    cryo::client moved(std::move(client));
    moved.session().send("still here");
    assert_string_equal(told.get().c_str(), "text still here");
}

static void test_exceptions_are_logged_and_end_nothing(void **) {
    captured_log log;
    const auto logged = [&](const char *text) {
        while (log.lines.get().find(text) == std::string::npos) {
        }
    };
    mailbox<std::string> told;
    auto there = std::make_unique<echo_server>();
    const std::uint16_t port = there->server.port();
    cryo::client client(connecting_to(port));
    client.on_connected([](cryo::session &) { throw std::runtime_error("thrown by connected"); });
    client.on_message([&](cryo::message) {
        told.put("message");
        throw std::runtime_error("thrown by message");
    });
    client.on_disconnected([](int, std::string_view) { throw std::runtime_error("thrown by disconnected"); });
    client.on_reconnected([&](cryo::session &) {
        told.put("reconnected");
        throw 42;
    });
    client.on_attempt_failed([](cryo::failed_attempt) { throw std::runtime_error("thrown by attempt"); });
    client.on_closed([](int, std::string_view) { throw std::runtime_error("thrown by closed"); });
    client.start();
    logged("thrown by connected");
    there->sessions.get().send("hello");
    assert_string_equal(told.get().c_str(), "message");
    logged("thrown by message");
    there.reset();
    logged("thrown by disconnected");
    logged("thrown by attempt");
    there = std::make_unique<echo_server>(cryo::server_options{.port = port});
    assert_string_equal(told.get().c_str(), "reconnected");
    there->sessions.get().send("hello again");
    assert_string_equal(told.get().c_str(), "message");
    client.close();
    logged("thrown by closed");
    client.wait();
}

static void test_nothing_leaks(void **) {
    echo_server there;
    std::atomic<int> alive{0};
    for (int i = 0; i < 3; ++i) {
        mailbox<bool> connected;
        cryo::client client(connecting_to(there.server.port()));
        client.on_connected([&, keep = counted(alive)](cryo::session &) { connected.put(true); });
        client.on_lost([keep = counted(alive)](cryo::message) {});
        // Handlers that hold their own session.
        client.session().on_message([session = client.session(), keep = counted(alive)](cryo::message) {});
        client.on_closed([session = client.session(), keep = counted(alive)](int, std::string_view) {});
        if (i == 0) continue; // never started
        client.start();
        if (i == 1) connected.get(); // else destroyed while it connects
    }
    // The last ones may go on the library's thread, right after the client was destroyed.
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (alive != 0 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    assert_int_equal(alive, 0);
}

static void test_a_client_may_go_inside_a_handler(void **) {
    echo_server there;
    mailbox<int> closed;
    auto client = std::make_unique<cryo::client>(connecting_to(there.server.port()));
    client->on_connected([&](cryo::session &) { client.reset(); });
    client->on_closed([&](int code, std::string_view) { closed.put(code); });
    client->start();
    assert_int_equal(closed.get(), 4000);
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_a_conversation),
        cmocka_unit_test(test_the_session_has_handlers_of_its_own),
        cmocka_unit_test(test_a_refused_token_ends_it),
        cmocka_unit_test(test_codes_after_which_it_stays_away),
        cmocka_unit_test(test_cale_on_both_ends),
        cmocka_unit_test(test_cale_on_one_end_only),
        cmocka_unit_test(test_what_is_not_possible_when),
        cmocka_unit_test(test_exceptions_are_logged_and_end_nothing),
        cmocka_unit_test(test_nothing_leaks),
        cmocka_unit_test(test_a_client_may_go_inside_a_handler),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
