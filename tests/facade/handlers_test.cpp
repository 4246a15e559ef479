// Handlers: which are called, in what order, what becomes of exceptions, and that none outlives its use.
#include "facade_support.hpp"

using namespace cryo_test;

static void test_own_handlers_come_before_the_servers(void **) {
    mailbox<std::string> calls;
    cryo::server server({.port = 0, .keepalive = std::chrono::milliseconds(500)}, accept_all);
    mailbox<bool> ticked;
    mailbox<double> received;
    server.on_session([&](cryo::session session) {
        session.on_message([&](cryo::message message) { calls.put("own " + std::string(message.text())); });
        session.on_closed([&](int code, std::string_view) { calls.put("own " + std::to_string(code)); });
        session.on_stat([&](cryo::statistic which, double) {
            if (which == cryo::statistic::bytes_rx) ticked.put(true);
        });
    });
    server.on_message(
        [&](cryo::session, cryo::message message) { calls.put("server " + std::string(message.text())); });
    server.on_closed(
        [&](cryo::session, int code, std::string_view) { calls.put("server " + std::to_string(code)); });
    server.on_stat([&](const cryo::session &, cryo::statistic which, double value) {
        if (which == cryo::statistic::bytes_rx) received.put(value);
    });
    server.start();
    foreign_client client(server.port());
    client.send_text("x");
    assert_string_equal(calls.get().c_str(), "own x");
    assert_string_equal(calls.get().c_str(), "server x");
    ticked.get();
    assert_true(received.get() >= 22);
    client.close(4123, "enough");
    assert_string_equal(calls.get().c_str(), "own 4123");
    assert_string_equal(calls.get().c_str(), "server 4123");
}

static void test_handlers_that_hold_their_session_do_not_leak(void **) {
    std::atomic<int> alive{0};
    mailbox<bool> over;
    cryo::server server(any_port(), accept_all);
    server.on_session([&](cryo::session session) {
        session.on_message(
            [session, keep = counted(alive)](cryo::message message) { session.send(message); });
        session.on_closed([session, keep = counted(alive)](int, std::string_view) {});
        session.on_stat([session, keep = counted(alive)](cryo::statistic, double) {});
        session.set("kept", counted(alive));
    });
    server.on_closed([&](cryo::session session, int, std::string_view) {
        // Comes too late, and is dropped as well.
        over.put(true);
        session.on_message([session, keep = counted(alive)](cryo::message) {});
    });
    server.start();
    for (int i = 0; i < 3; ++i) {
        foreign_client client(server.port());
        client.send_text("x");
        client.receive_text();
        client.close(4000, "");
        over.get();
    }
    // The end of the last callback is waited for by the destructor.
    { const cryo::server done(std::move(server)); }
    assert_int_equal(alive, 0);
}

static void test_a_handler_set_after_the_end_is_dropped(void **) {
    std::atomic<int> alive{0};
    mailbox<cryo::session> over;
    cryo::session kept;
    {
        cryo::server server(any_port(), accept_all);
        server.on_closed([&](cryo::session session, int, std::string_view) { over.put(session); });
        server.start();
        foreign_client client(server.port());
        client.close(4000, "");
        kept = over.get();
    }
    kept.on_message([kept, keep = counted(alive)](cryo::message) {});
    assert_int_equal(alive, 0);
}

static void test_a_handler_may_replace_itself(void **) {
    cryo::server server(any_port(), accept_all);
    std::atomic<int> alive{0};
    server.on_session([&](cryo::session session) {
        session.on_message([session, keep = std::make_unique<counted>(alive)](cryo::message message) {
            session.on_message([](cryo::session &self, cryo::message) { self.send("second"); });
            session.send(message); // what was captured is still there
        });
    });
    server.start();
    foreign_client client(server.port());
    client.send_text("first");
    assert_string_equal(client.receive_text().c_str(), "first");
    client.send_text("again");
    assert_string_equal(client.receive_text().c_str(), "second");
    assert_int_equal(alive, 0);
}

// Whether its handler still lives is looked at from outside while it runs.
static void test_a_handler_that_runs_outlives_its_replacement(void **) {
    std::atomic<int> alive{0};
    cryo::server server(any_port(), accept_all);
    mailbox<cryo::session> began;
    mailbox<bool> replaced;
    mailbox<int> seen;
    server.on_session([&](cryo::session session) {
        session.on_message([&, keep = counted(alive)](cryo::session &who, cryo::message) {
            const int before = alive;
            began.put(who);
            replaced.get();
            seen.put(before);
            seen.put(alive);
        });
    });
    server.start();
    foreign_client client(server.port());
    client.send_text("x");
    {
        const cryo::session session = began.get();
        for (int i = 0; i < 3; ++i) // those between never run
            session.on_message(
                [&, keep = counted(alive)](cryo::session who, cryo::message what) { who.send(what); });
    }
    replaced.put(true);
    assert_int_equal(seen.get(), 1);
    assert_int_equal(seen.get(), 4);
    client.send_text("y");
    assert_string_equal(client.receive_text().c_str(), "y");
    client.send_text("z");
    assert_string_equal(client.receive_text().c_str(), "z");
    assert_int_equal(alive, 1); // the others went when the first one had returned
}

// The session that a handler gets belongs to the library; what is made of it lives on its own.
static void test_what_is_kept_of_a_handlers_session_outlives_it(void **) {
    mailbox<cryo::session> kept;
    {
        cryo::server server(any_port(), accept_all);
        server.on_session([&](cryo::session &who) { kept.put(cryo::session(std::move(who))); });
        server.on_message([&](cryo::session who, cryo::message what) {
            if (what.text() == "copied") return kept.put(who);
            if (what.text() == "moved") return kept.put(std::move(who));
            if (what.text() == "assigned") {
                cryo::session other;
                other = std::move(who);
                if (who) throw std::logic_error("it is still there");
                who = other;
                return kept.put(who);
            }
            cryo::session other;
            std::swap(who, other);
            if (who) throw std::logic_error("it is still there");
            kept.put(other);
        });
        server.on_closed([&](cryo::session who, int, std::string_view) { kept.put(std::move(who)); });
        server.start();
        foreign_client client(server.port());
        for (const char *how : {"copied", "moved", "assigned", "swapped"})
            client.send_text(how);
        client.close(4000, "");
    }
    const cryo::session first = kept.get();
    for (int i = 0; i < 5; ++i) {
        const cryo::session session = kept.get();
        assert_true(session == first);
        assert_int_equal(session.id_text().size(), 36);
        assert_false(session.send("too late"));
    }
}

// Its handle stays good until the handler returns, whatever that does with the session.
static void test_a_session_may_be_closed_inside_its_handlers(void **) {
    mailbox<std::string> said;
    cryo::server server(any_port(), accept_all);
    const auto close = [&](cryo::session who) {
        who.close(4001, "enough");
        said.put(who.send("too late") ? "sent" : "closed");
        said.put(who.id_text());
    };
    server.on_session([&](cryo::session who) {
        if (who.path() == "/at-once") close(who);
    });
    server.on_message([&](cryo::session who, cryo::message) { close(std::move(who)); });
    server.on_closed([&](const cryo::session &who, int, std::string_view) { said.put(who.id_text()); });
    server.start();
    for (const char *path : {"/at-once", "/"}) {
        foreign_client client(server.port(), {.path = path});
        if (path[1] == '\0') client.send_text("x");
        assert_string_equal(said.get().c_str(), "closed");
        const std::string id = said.get();
        assert_int_equal(id.size(), 36);
        client.wait_for_close();
        assert_string_equal(said.get().c_str(), id.c_str());
    }
}

static void test_handlers_can_be_taken_away(void **) {
    std::atomic<int> own{0};
    mailbox<bool> general;
    cryo::server server(any_port(), accept_all);
    server.on_session([&](cryo::session session) {
        session.on_message([&](cryo::message) { ++own; });
        session.on_message({});
        session.on_closed(nullptr);
        session.on_stat(std::function<void(cryo::statistic, double)>());
    });
    server.on_message([&](cryo::message) { general.put(true); });
    server.start();
    foreign_client client(server.port());
    client.send_text("x");
    general.get();
    assert_int_equal(own, 0);
}

static void test_exceptions_are_logged_and_end_nothing(void **) {
    captured_log log;
    mailbox<std::string> general;
    cryo::server server({.port = 0, .keepalive = std::chrono::milliseconds(500)}, accept_all);
    server.on_listening(
        [](std::string_view, std::uint16_t) { throw std::runtime_error("thrown by listening"); });
    server.on_session([&](cryo::session session) {
        session.on_message([](cryo::message) { throw std::runtime_error("thrown by own message"); });
        session.on_closed([](int, std::string_view) { throw std::runtime_error("thrown by own closed"); });
        throw std::runtime_error("thrown by session");
    });
    server.on_message([&](cryo::session session, cryo::message message) {
        general.put(std::string(message.text()));
        session.send(message);
    });
    server.on_closed([&](int, std::string_view) {
        general.put("closed");
        throw 42;
    });
    server.start();
    const auto logged = [&](const char *text) {
        while (log.lines.get().find(text) == std::string::npos) {
        }
    };
    logged("thrown by listening");
    foreign_client client(server.port());
    client.send_text("one");
    logged("thrown by session");
    logged("thrown by own message");
    assert_string_equal(client.receive_text().c_str(), "one");
    client.send_text("two");
    assert_string_equal(client.receive_text().c_str(), "two");
    assert_string_equal(general.get().c_str(), "one");
    assert_string_equal(general.get().c_str(), "two");
    client.close(4000, "");
    assert_string_equal(general.get().c_str(), "closed");
    logged("thrown by own closed");
    assert_int_equal(foreign_client(server.port()).status(), 101);
}

static void test_handlers_are_set_before_the_start(void **) {
    cryo::server server(any_port(), accept_all);
    server.start();
    assert_int_equal(status_of([&] { server.on_message([](cryo::message) {}); }), CRYO_ERR_STATE);
    assert_int_equal(status_of([&] { server.on_session([](cryo::session) {}); }), CRYO_ERR_STATE);
    assert_int_equal(status_of([&] { server.on_closed([](int, std::string_view) {}); }), CRYO_ERR_STATE);
    assert_int_equal(status_of([&] { server.on_stat([](cryo::statistic, double) {}); }), CRYO_ERR_STATE);
    assert_int_equal(status_of([&] { server.on_listening([](std::string_view, std::uint16_t) {}); }),
                     CRYO_ERR_STATE);
}

static void free_function(cryo::session &session, cryo::message message) {
    session.send(message);
}

static void test_any_callable_will_do(void **) {
    struct functor {
        std::unique_ptr<std::string> prefix = std::make_unique<std::string>("functor ");
        void operator()(cryo::session session, const cryo::message &message) const {
            session.send(*prefix + std::string(message.text()));
        }
    };
    cryo::server server(any_port(), &accept_all);
    const std::function<void(cryo::session)> greet = [](cryo::session session) {
        session.on_message(functor());
        session.send("hello");
    };
    server.on_session(greet);
    server.on_message(free_function);
    server.start();
    foreign_client client(server.port());
    assert_string_equal(client.receive_text().c_str(), "hello");
    client.send_text("x");
    assert_string_equal(client.receive_text().c_str(), "functor x");
    assert_string_equal(client.receive_text().c_str(), "x");
}

static void test_the_server_may_go_inside_a_handler(void **) {
    mailbox<int> closed, gone;
    auto server = std::make_unique<cryo::server>(any_port(), accept_all);
    std::shared_ptr<void> keep(nullptr, [&](void *) { gone.put(1); });
    server->on_message([&, keep = std::move(keep)](cryo::session session, cryo::message) {
        server.reset();
        session.send("last words"); // too late, and no harm
    });
    server->on_closed([&](int code, std::string_view) { closed.put(code); });
    server->start();
    foreign_client client(server->port());
    client.send_text("go");
    assert_int_equal(client.wait_for_close().code, 4000);
    assert_int_equal(closed.get(), 4000);
    assert_int_equal(gone.get(), 1); // the handler goes too, once the server's thread has ended
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_own_handlers_come_before_the_servers),
        cmocka_unit_test(test_handlers_that_hold_their_session_do_not_leak),
        cmocka_unit_test(test_a_handler_set_after_the_end_is_dropped),
        cmocka_unit_test(test_a_handler_may_replace_itself),
        cmocka_unit_test(test_a_handler_that_runs_outlives_its_replacement),
        cmocka_unit_test(test_what_is_kept_of_a_handlers_session_outlives_it),
        cmocka_unit_test(test_a_session_may_be_closed_inside_its_handlers),
        cmocka_unit_test(test_handlers_can_be_taken_away),
        cmocka_unit_test(test_exceptions_are_logged_and_end_nothing),
        cmocka_unit_test(test_handlers_are_set_before_the_start),
        cmocka_unit_test(test_any_callable_will_do),
        cmocka_unit_test(test_the_server_may_go_inside_a_handler),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
