// Tickets: settled now, later, twice, never.
#include "facade_support.hpp"

#include <thread>

using namespace cryo_test;

static_assert(!std::is_copy_constructible_v<cryo::auth> && std::is_nothrow_move_constructible_v<cryo::auth>);
static_assert(!std::is_copy_constructible_v<cryo::server> && std::is_move_constructible_v<cryo::server>);

static void test_a_ticket_may_be_settled_later_elsewhere(void **) {
    mailbox<cryo::auth> tickets;
    cryo::server server(any_port(), [&](cryo::auth ticket) { tickets.put(std::move(ticket)); });
    server.start();
    mailbox<bool> settled;
    std::thread clerk([&] {
        for (int i = 0; i < 2; ++i) {
            cryo::auth ticket = tickets.get();
            settled.put(ticket.token() == "good" ? ticket.accept() : ticket.reject("We are closed."));
            settled.put(ticket.accept());
            settled.put(ticket.reject());
            settled.put(ticket.native() != nullptr);
        }
    });
    assert_int_equal(foreign_client(server.port(), {.token = "good"}).status(), 101);
    foreign_client refused(server.port(), {.token = "bad"});
    assert_int_equal(refused.status(), 401);
    assert_non_null(std::strstr(refused.body().c_str(), "We are closed."));
    clerk.join();
    for (const bool expected : {true, false, false, false, true, false, false, false})
        assert_int_equal(settled.get(), expected);
}

static void test_a_ticket_that_goes_rejects(void **) {
    mailbox<bool> accepted;
    cryo::server server({.port = 0, .validation_timeout = std::chrono::minutes(10)}, [&](cryo::auth ticket) {
        const cryo::auth moved(std::move(ticket));
        accepted.put(ticket.accept()); // NOLINT(bugprone-use-after-move): it must do no harm
    });
    server.start();
    assert_int_equal(foreign_client(server.port()).status(), 401);
    assert_false(accepted.get());
}

static void test_assigning_rejects_what_was_there(void **) {
    mailbox<cryo::auth> tickets;
    cryo::server server(any_port(), [&](cryo::auth ticket) { tickets.put(std::move(ticket)); });
    server.start();
    std::thread clerk([&] {
        cryo::auth ticket = tickets.get();
        ticket = tickets.get();
        ticket.accept();
    });
    std::atomic<int> accepted{0};
    std::atomic<int> refused{0};
    const auto knock = [&] { foreign_client(server.port()).status() == 101 ? ++accepted : ++refused; };
    std::thread other(knock);
    knock();
    other.join();
    clerk.join();
    assert_int_equal(accepted, 1);
    assert_int_equal(refused, 1);
}

static void test_a_validator_that_throws_lets_nobody_in(void **) {
    captured_log log;
    cryo::server server({.port = 0, .validation_timeout = std::chrono::minutes(10)},
                        [](cryo::auth ticket) -> void {
                            if (ticket.token() == "boom") throw std::runtime_error("the database is away");
                            ticket.accept();
                        });
    server.start();
    assert_int_equal(foreign_client(server.port(), {.token = "boom"}).status(), 401);
    assert_non_null(std::strstr(log.lines.get().c_str(), "the database is away"));
    assert_int_equal(foreign_client(server.port()).status(), 101);
}

static void test_what_it_is_accepted_with_is_the_sessions(void **) {
    struct person {
        std::string name;
        std::shared_ptr<int> token;
    };
    const auto counted = std::make_shared<int>(0);
    mailbox<cryo::session> sessions;
    mailbox<std::string> seen;
    {
        cryo::server server({.port = 0, .session_headers = {"X-Tenant"}}, [&](cryo::auth ticket) {
            ticket.set("level", 7);
            ticket.set_claim("role", "admin");
            ticket.set_expiry(std::chrono::hours(1));
            seen.put(ticket.header("host").value_or("none"));
            seen.put(ticket.header("nothing").value_or("none"));
            const bool first = ticket.accept(person{ticket.token(), counted});
            seen.put(first && !ticket.accept(person{}) && !ticket.refuse(403) ? "once" : "twice");
        });
        server.on_session([&](cryo::session &who) { sessions.put(who); });
        server.start();
        foreign_client client(server.port(), {.token = "ada"});
        assert_int_equal(client.status(), 101);
        cryo::session who = sessions.get();
        assert_true(seen.get() != "none");
        assert_string_equal(seen.get().c_str(), "none");
        assert_string_equal(seen.get().c_str(), "once");
        assert_string_equal(who.accepted<person>()->name.c_str(), "ada");
        assert_false(who.accepted<int>().has_value());
        assert_int_equal(who.get<int>("level").value(), 7);
        assert_string_equal(who.claim("role")->c_str(), "admin");
        assert_false(who.claim("none").has_value());
        assert_false(who.header("X-Tenant").has_value());
        assert_true(who.set_expiry(std::chrono::milliseconds::max()));
        assert_true(who.set_expiry(std::chrono::milliseconds(0)));
    }
    assert_int_equal(counted.use_count(), 1);
}

static void test_a_ticket_refuses_as_it_likes(void **) {
    mailbox<bool> settled;
    cryo::server server(any_port(), [&](cryo::auth ticket) {
        assert_int_equal(status_of([&] { ticket.refuse(200); }), CRYO_ERR_INVALID);
        settled.put(ticket.refuse(503, "Come back.", std::chrono::milliseconds(1500)));
        settled.put(ticket.refuse(403));
    });
    server.start();
    foreign_client refused(server.port());
    assert_int_equal(refused.status(), 503);
    assert_non_null(std::strstr(refused.body().c_str(), "Come back."));
    assert_true(settled.get());
    assert_false(settled.get());
}

static void test_a_ticket_left_alone_times_out(void **) {
    mailbox<cryo::auth> tickets;
    cryo::server server({.port = 0, .validation_timeout = std::chrono::milliseconds(50)},
                        [&](cryo::auth ticket) { tickets.put(std::move(ticket)); });
    server.start();
    assert_int_equal(foreign_client(server.port()).status(), 401);
    cryo::auth late = tickets.get();
    assert_string_equal(late.token().c_str(), "secret");
    assert_false(late.accept());
}

static void test_a_ticket_outlives_its_server(void **) {
    mailbox<cryo::auth> tickets;
    std::optional<cryo::auth> kept;
    {
        cryo::server server(any_port(), [&](cryo::auth ticket) { tickets.put(std::move(ticket)); });
        server.start();
        std::atomic<int> status{0};
        std::thread client([&] { status = foreign_client(server.port()).status(); });
        kept.emplace(tickets.get());
        server.stop();
        client.join();
        assert_int_not_equal(status, 101);
    }
    assert_false(kept->accept());
}

static void test_a_ticket_knows_what_came_with_the_request(void **) {
    mailbox<cryo::auth> tickets;
    cryo::server server(any_port(), [&](cryo::auth ticket) { tickets.put(std::move(ticket)); });
    server.start();
    std::thread other([&] {
        foreign_client(
            server.port(),
            {.token = "a%20b%2Bc", .extra = "&name=J%C3%B6rg&empty=&name=second", .path = "/chat/room"});
    });
    cryo::auth ticket = tickets.get();
    assert_string_equal(ticket.token().c_str(), "a b+c");
    assert_string_equal(ticket.path().c_str(), "/chat/room");
    assert_int_equal(ticket.remote_address().rfind("127.0.0.1:", 0), 0);
    assert_string_equal(ticket.parameter("name").value().c_str(), "J\u00f6rg");
    assert_string_equal(ticket.parameter("empty").value().c_str(), "");
    assert_false(ticket.parameter("other").has_value());
    assert_false(ticket.parameter("authorization").has_value());
    assert_int_equal(ticket.parameter("x-cryo-sid").value().size(), 36);
    assert_int_equal(status_of([&] { ticket.parameter(std::string_view("a\0b", 3)); }), CRYO_ERR_INVALID);
    assert_true(ticket.accept());
    other.join();
    assert_int_not_equal(status_of([&] { ticket.path(); }), CRYO_OK);
    assert_string_equal(ticket.token().c_str(), "a b+c");
}

static void test_a_long_token_comes_whole(void **) {
    const std::string long_token(3000, 'x');
    mailbox<std::string> seen;
    cryo::server server(any_port(), [&](cryo::auth ticket) { ticket.accept(); });
    server.on_session([&](cryo::session session) { seen.put(session.token()); });
    server.start();
    foreign_client client(server.port(), {.token = long_token});
    assert_true(seen.get() == long_token);
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_a_ticket_may_be_settled_later_elsewhere),
        cmocka_unit_test(test_a_ticket_that_goes_rejects),
        cmocka_unit_test(test_assigning_rejects_what_was_there),
        cmocka_unit_test(test_a_validator_that_throws_lets_nobody_in),
        cmocka_unit_test(test_what_it_is_accepted_with_is_the_sessions),
        cmocka_unit_test(test_a_ticket_refuses_as_it_likes),
        cmocka_unit_test(test_a_ticket_left_alone_times_out),
        cmocka_unit_test(test_a_ticket_outlives_its_server),
        cmocka_unit_test(test_a_ticket_knows_what_came_with_the_request),
        cmocka_unit_test(test_a_long_token_comes_whole),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
