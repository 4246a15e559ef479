// Extensions: what hooks may do with a message, when, and what becomes of their mistakes.
#include "facade_support.hpp"

#include <thread>

using namespace cryo_test;

static_assert(!std::is_copy_constructible_v<cryo::hook> && std::is_nothrow_move_constructible_v<cryo::hook>);

namespace {

// A server that puts what arrives in `heard`, a client, and the server's side of it.
struct conversation {
    explicit conversation(cryo::server_options options = any_port()) : server(options, accept_all) {
        server.on_session([this](cryo::session who) { sessions.put(who); });
        server.on_message([this](cryo::message what) { heard.put(std::string(what.text())); });
        server.on_closed([this](int, std::string_view) { closed.put(true); });
        server.start();
        client.connect(server.port(), {});
        session = sessions.get();
    }

    mailbox<cryo::session> sessions;
    mailbox<std::string> heard;
    mailbox<bool> closed;
    cryo::server server;
    foreign_client client;
    cryo::session session;
};

class shouting : public cryo::extension {
  public:
    std::string name() const override { return "shouting"; }
    void before_send_utf8(cryo::session &to, cryo::hook ticket) override {
        assert_true(ticket.direction() == cryo::direction::before_send && ticket.session() == to);
        ticket.replace(std::string(ticket.text()) + "!");
    }
    void on_receive_utf8(cryo::session &from, cryo::hook ticket) override {
        assert_true(ticket.direction() == cryo::direction::on_receive && ticket.session() == from);
        assert_true(ticket.message().is_text());
        ticket.replace("(" + std::string(ticket.text()) + ")");
    }
    void on_register() override { events.put("registered"); }
    void on_unregister() override { events.put("unregistered"); }

    mailbox<std::string> events;
};

// Hooks that cannot be named from outside count as overridden.
class hidden : public shouting {
    void before_send_binary(cryo::session &, cryo::hook) override {}
};
class overloaded final : public shouting {
  public:
    using shouting::on_receive_binary;
    void on_receive_binary(int) {}
};
class both_ways : public shouting {
  public:
    void on_receive_binary(cryo::session &, cryo::hook) override {}
};

constexpr bool equal(cryo::detail::chosen_hooks which, bool a, bool b, bool c, bool d) {
    return which.before_send_utf8 == a && which.before_send_binary == b && which.on_receive_utf8 == c &&
           which.on_receive_binary == d;
}
static_assert(equal(cryo::detail::overridden<shouting>(), true, false, true, false));
static_assert(equal(cryo::detail::overridden<hidden>(), true, true, true, false));
static_assert(equal(cryo::detail::overridden<overloaded>(), true, false, true, true));
static_assert(equal(cryo::detail::overridden<both_ways>(), true, false, true, true));

void wait_for(captured_log &log, std::string_view one, std::string_view other) {
    for (;;) {
        const std::string line = log.lines.get();
        if (line.find(one) != std::string::npos && line.find(other) != std::string::npos) return;
    }
}

} // namespace

static void test_only_what_is_overridden_is_asked_for(void **) {
    assert_true(equal(cryo::detail::hooks_of(std::make_shared<shouting>()), true, false, true, false));
    // Known by its base only.
    const std::shared_ptr<shouting> as_base = std::make_shared<both_ways>();
    assert_true(equal(cryo::detail::hooks_of(as_base), true, true, true, true));
    const std::shared_ptr<cryo::extension> as_any = std::make_shared<shouting>();
    assert_true(equal(cryo::detail::hooks_of(as_any), true, true, true, true));
    assert_true(equal(cryo::detail::hooks_of(std::make_shared<overloaded>()), true, false, true, true));
}

static void test_hooks_replace_in_both_directions(void **) {
    conversation talk;
    const auto extension = std::make_shared<shouting>();
    talk.server.add(extension);
    assert_string_equal(extension->events.get().c_str(), "registered");
    talk.session.send("hello");
    talk.session.send(std::vector<std::uint8_t>{'b'});
    assert_string_equal(talk.client.receive_text().c_str(), "hello!");
    assert_string_equal(talk.client.receive_binary().c_str(), "b");
    talk.client.send_text("you");
    talk.client.send_binary("bytes");
    assert_string_equal(talk.heard.get().c_str(), "(you)");
    assert_string_equal(talk.heard.get().c_str(), "bytes");
}

static void test_names_are_unique_and_found(void **) {
    conversation talk;
    const auto extension = std::make_shared<shouting>();
    talk.server.add(extension);
    assert_int_equal(status_of([&] { talk.server.add(std::make_shared<shouting>()); }), CRYO_ERR_EXISTS);
    assert_int_equal(status_of([&] { talk.server.add("shouting", cryo::hooks{}); }), CRYO_ERR_EXISTS);
    assert_ptr_equal(talk.server.find("shouting").get(), extension.get());
    assert_null(talk.server.find("whispering").get());
    assert_false(talk.server.remove("whispering"));
    assert_true(talk.server.remove("shouting"));
    assert_false(talk.server.remove("shouting"));
    assert_string_equal(extension->events.get().c_str(), "registered");
    assert_string_equal(extension->events.get().c_str(), "unregistered");
    assert_null(talk.server.find("shouting").get());
    talk.session.send("quiet");
    assert_string_equal(talk.client.receive_text().c_str(), "quiet");
    talk.server.add(extension); // once more
    talk.session.send("loud");
    assert_string_equal(talk.client.receive_text().c_str(), "loud!");

    assert_int_equal(status_of([&] { talk.server.add("", cryo::hooks{}); }), CRYO_ERR_INVALID);
    assert_int_equal(status_of([&] { talk.server.add(std::string(256, 'n'), cryo::hooks{}); }),
                     CRYO_ERR_INVALID);
    assert_int_equal(status_of([&] { talk.server.add(std::string_view("a\0b", 3), cryo::hooks{}); }),
                     CRYO_ERR_INVALID);
    assert_int_equal(status_of([&] { talk.server.add(std::shared_ptr<shouting>()); }), CRYO_ERR_INVALID);
    assert_int_equal(
        status_of([&] { talk.server.add("late", cryo::hooks{}, {.timeout = std::chrono::seconds(0)}); }),
        CRYO_ERR_INVALID);
}

static void test_one_of_cryo_h_is_found_as_nothing(void **) {
    conversation talk;
    cryo_extension *made = nullptr;
    int user = 0;
    assert_int_equal(cryo_extension_new("plain", &user, nullptr, &made), CRYO_OK);
    assert_int_equal(cryo_server_add_extension(talk.server.native(), made), CRYO_OK);
    cryo_extension_free(made);
    assert_null(talk.server.find("plain").get());
    assert_true(talk.server.remove("plain"));
}

static void test_functions_are_enough(void **) {
    conversation talk;
    std::vector<std::string> order;
    talk.server.add("first", {.on_receive_utf8 = [&](const cryo::session &who, cryo::hook ticket) {
                        assert_true(who.is_open());
                        order.push_back("first " + std::string(ticket.text()));
                        ticket.replace("once " + std::string(ticket.text()));
                    }});
    talk.server.add("second", {.on_receive_utf8 = [&](cryo::hook ticket) {
                        order.push_back("second " + std::string(ticket.text()));
                        if (ticket.text() == "once stop") ticket.stop();
                    }});
    talk.server.add("third", {.on_receive_utf8 = [&](cryo::hook ticket) {
                        order.push_back("third " + std::string(ticket.text()));
                        ticket.pass();
                    }});
    talk.client.send_text("stop");
    talk.client.send_text("go");
    assert_string_equal(talk.heard.get().c_str(), "once go");
    const std::vector<std::string> expected{"first stop", "second once stop", "first go", "second once go",
                                            "third once go"};
    assert_true(order == expected);
    assert_non_null(talk.server.find("second").get());
}

static void test_tickets_may_be_settled_later_in_any_order(void **) {
    conversation talk;
    mailbox<cryo::hook> tickets;
    talk.server.add("later", {.on_receive_utf8 = [&](cryo::hook ticket) { tickets.put(std::move(ticket)); }},
                    {.on_failure = cryo::verdict::pass});
    foreign_client other(talk.server.port());
    talk.sessions.get();
    for (const char *const text : {"one", "two"})
        talk.client.send_text(text);
    cryo::hook held = tickets.get();
    assert_string_equal(std::string(held.text()).c_str(), "one");
    // Others go on meanwhile; binary ones of the same session do not overtake.
    talk.client.send_binary("three");
    other.send_text("other");
    cryo::hook others = tickets.get();
    assert_string_equal(std::string(others.text()).c_str(), "other");
    assert_true(others.pass());
    assert_string_equal(talk.heard.get().c_str(), "other");
    std::thread elsewhere([ticket = std::move(held)]() mutable { assert_true(ticket.replace("ONE")); });
    elsewhere.join();
    assert_string_equal(talk.heard.get().c_str(), "ONE");
    { const cryo::hook destroyed = tickets.get(); }
    assert_string_equal(talk.heard.get().c_str(), "two");
    assert_string_equal(talk.heard.get().c_str(), "three");
}

static void test_a_settled_ticket_is_empty(void **) {
    conversation talk;
    mailbox<cryo::hook> tickets;
    talk.server.add("later", {.on_receive_utf8 = [&](cryo::hook ticket) { tickets.put(std::move(ticket)); }},
                    {.on_failure = cryo::verdict::pass});
    talk.client.send_text("x");
    cryo::hook ticket = tickets.get();
    assert_int_equal(status_of([&] { ticket.replace("\xff"); }), CRYO_ERR_INVALID);
    assert_non_null(ticket.native());
    assert_true(ticket.stop());
    assert_null(ticket.native());
    assert_true(ticket.text().empty() && !ticket.session());
    assert_false(ticket.pass() || ticket.stop() || ticket.fail("x") || ticket.replace("x"));
    talk.client.send_text("y");
    cryo::hook next = tickets.get();
    ticket = std::move(next);
    assert_string_equal(std::string(ticket.text()).c_str(), "y");
    ticket = cryo::hook(nullptr); // what it held before fails, which lets it pass here
    assert_string_equal(talk.heard.get().c_str(), "y");
}

static void test_a_hook_that_throws_has_failed(void **) {
    captured_log log;
    conversation talk;
    const auto failing = [](cryo::hook ticket) {
        if (ticket.text() == "throw") throw std::runtime_error("thrown by a hook");
        if (ticket.text() == "throw 42") throw 42;
        if (ticket.text() == "fail") ticket.fail("had no luck");
    };
    talk.server.add("lenient", {.on_receive_utf8 = failing}, {.on_failure = cryo::verdict::pass});
    for (const char *const text : {"throw", "throw 42", "fail", "fine"}) {
        talk.client.send_text(text);
        assert_string_equal(talk.heard.get().c_str(), text);
    }
    wait_for(log, "lenient", "thrown by a hook");
    wait_for(log, "lenient", "something that is no std::exception");
    wait_for(log, "lenient", "had no luck");

    talk.server.remove("lenient");
    talk.server.add("strict", {.on_receive_utf8 = failing}); // no default that leaks
    for (const char *const text : {"throw", "throw 42", "fail", "fine"})
        talk.client.send_text(text);
    assert_string_equal(talk.heard.get().c_str(), "fine");
    wait_for(log, "strict", "thrown by a hook");
    assert_true(talk.session.is_open());
}

static void test_an_exception_elsewhere_fails_as_well(void **) {
    captured_log log;
    conversation talk;
    mailbox<cryo::hook> tickets;
    talk.server.add("worker", {.on_receive_utf8 = [&](cryo::hook ticket) { tickets.put(std::move(ticket)); }},
                    {.on_failure = cryo::verdict::stop});
    talk.client.send_text("x");
    std::thread worker([&] {
        try {
            const cryo::hook ticket = tickets.get();
            throw std::runtime_error("on its way");
        } catch (const std::runtime_error &) {
            talk.heard.put("caught");
        }
    });
    worker.join();
    assert_string_equal(talk.heard.get().c_str(), "caught");
    wait_for(log, "worker", "an exception destroyed the ticket");
    // One that is only near an exception is not concerned, but it is given up as well.
    talk.client.send_text("y");
    try {
        throw std::runtime_error("over there");
    } catch (const std::runtime_error &) {
        const cryo::hook ticket = tickets.get();
    }
    wait_for(log, "worker", "destroyed without an answer");
    talk.client.send_binary("z");
    assert_string_equal(talk.heard.get().c_str(), "z");
}

static void test_a_ticket_that_is_let_go_of(void **) {
    conversation talk;
    mailbox<cryo::hook> tickets;
    const auto look = [&](cryo::hook ticket) {
        if (ticket.text() == "keep") tickets.put(std::move(ticket));
    };
    for (const auto on_failure : {cryo::verdict::stop, cryo::verdict::pass}) {
        talk.server.add("looks", {.on_receive_utf8 = look}, {.on_failure = on_failure});
        talk.client.send_text("look"); // neither settled nor kept
        assert_string_equal(talk.heard.get().c_str(), "look");
        talk.client.send_text("keep");
        { const cryo::hook ticket = tickets.get(); }
        talk.client.send_binary("behind it");
        if (on_failure == cryo::verdict::pass) assert_string_equal(talk.heard.get().c_str(), "keep");
        assert_string_equal(talk.heard.get().c_str(), "behind it");
        assert_true(talk.server.remove("looks"));
    }
}

static void test_a_ticket_that_is_kept_too_long(void **) {
    captured_log log;
    conversation talk;
    mailbox<cryo::hook> tickets;
    const auto keep = [&](cryo::hook ticket) { tickets.put(std::move(ticket)); };
    talk.server.add("slow", {.on_receive_utf8 = keep},
                    {.timeout = std::chrono::milliseconds(20), .on_failure = cryo::verdict::pass});
    talk.client.send_text("x");
    assert_string_equal(talk.heard.get().c_str(), "x");
    assert_false(tickets.get().stop());
    wait_for(log, "slow", "");

    talk.server.remove("slow");
    talk.server.add("slow", {.on_receive_utf8 = keep}, {.timeout = std::chrono::milliseconds(20)});
    talk.client.send_text("y");
    talk.client.send_binary("z");
    assert_string_equal(talk.heard.get().c_str(), "z");
    assert_false(tickets.get().pass());
}

static void test_tickets_of_what_has_gone(void **) {
    conversation talk;
    mailbox<cryo::hook> tickets;
    talk.server.add("later", {.on_receive_utf8 = [&](cryo::hook ticket) { tickets.put(std::move(ticket)); }});
    talk.client.send_text("x");
    cryo::hook out = tickets.get();
    assert_true(talk.server.remove("later")); // it still counts
    assert_true(out.replace("still"));
    assert_string_equal(talk.heard.get().c_str(), "still");

    talk.server.add("later", {.on_receive_utf8 = [&](cryo::hook ticket) { tickets.put(std::move(ticket)); }});
    talk.client.send_text("y");
    out = tickets.get();
    talk.client.reset();
    talk.closed.get();
    assert_false(out.pass());
    assert_int_equal(talk.heard.size(), 0);
}

static void test_extensions_go_with_their_server(void **) {
    std::atomic<int> alive{0};
    mailbox<cryo::hook> tickets;
    {
        conversation talk;
        talk.server.add("kept",
                        {.before_send_utf8 = [keep = counted(alive)](cryo::hook) {},
                         .on_receive_utf8 = [&, keep = counted(alive)](
                                                cryo::hook ticket) { tickets.put(std::move(ticket)); }});
        talk.server.add("removed", {.before_send_utf8 = [keep = counted(alive)](cryo::hook) {}});
        assert_int_equal(alive, 3);
        talk.client.send_text("x");
        while (tickets.size() == 0)
            std::this_thread::yield();
        talk.server.remove("removed");
        const auto deadline = std::chrono::steady_clock::now() + patience;
        while (alive != 2 && std::chrono::steady_clock::now() < deadline)
            std::this_thread::yield();
        assert_int_equal(alive, 2);
    }
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (alive != 0 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    assert_int_equal(alive, 0);
    assert_false(tickets.get().pass());
}

static void test_tickets_can_be_pulled(void **) {
    cryo::queue queue;
    conversation talk;
    talk.server.add("pulled", queue, {.on_failure = cryo::verdict::pass},
                    {.before_send_utf8 = false, .before_send_binary = false});
    assert_null(talk.server.find("pulled").get());
    const auto next = [&] {
        std::optional<cryo::event> event = queue.next(patience);
        if (!event || event->kind() != cryo::event_kind::hook) throw std::runtime_error("no ticket came");
        return std::move(*event);
    };
    talk.client.send_text("one");
    talk.client.send_binary("two");
    talk.client.send_text("three");
    talk.client.send_text("four");
    {
        cryo::event event = next();
        assert_true(event.session() == talk.session);
        assert_true(event.extension() == "pulled");
        assert_true(event.message().text() == "one" && event.hook().text() == "one");
        assert_int_equal(status_of([&] { event.auth(); }), CRYO_ERR_NOT_FOUND);
        assert_true(event.hook().replace("ONE"));
    }
    assert_string_equal(talk.heard.get().c_str(), "ONE");
    { const cryo::event event = next(); } // goes with the event, and has failed
    assert_string_equal(talk.heard.get().c_str(), "two");
    std::optional<cryo::hook> kept;
    {
        cryo::event event = next();
        kept.emplace(std::move(event.hook()));
    }
    assert_true(kept->text() == "three");
    assert_true(kept->stop());
    next();
    assert_string_equal(talk.heard.get().c_str(), "four");
    talk.session.send("not asked");
    assert_string_equal(talk.client.receive_text().c_str(), "not asked");
}

static void test_a_client_has_extensions_as_well(void **) {
    conversation talk;
    const auto extension = std::make_shared<shouting>();
    cryo::client client(connecting_to(talk.server.port()));
    client.add(extension);
    client.add("stop", {.before_send_utf8 = [](cryo::hook ticket) {
                   if (ticket.text() == "secret!") ticket.stop();
               }});
    mailbox<std::string> told;
    client.on_connected([&](cryo::session &session) {
        session.send("secret");
        session.send("hello");
    });
    client.on_message([&](cryo::message what) { told.put(std::string(what.text())); });
    client.start();
    assert_string_equal(talk.heard.get().c_str(), "hello!");
    talk.sessions.get().send("you");
    assert_string_equal(told.get().c_str(), "(you)");
    assert_ptr_equal(client.find("shouting").get(), extension.get());
    assert_true(client.remove("shouting"));
    assert_false(client.remove("shouting"));
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_only_what_is_overridden_is_asked_for),
        cmocka_unit_test(test_hooks_replace_in_both_directions),
        cmocka_unit_test(test_names_are_unique_and_found),
        cmocka_unit_test(test_one_of_cryo_h_is_found_as_nothing),
        cmocka_unit_test(test_functions_are_enough),
        cmocka_unit_test(test_tickets_may_be_settled_later_in_any_order),
        cmocka_unit_test(test_a_settled_ticket_is_empty),
        cmocka_unit_test(test_a_hook_that_throws_has_failed),
        cmocka_unit_test(test_an_exception_elsewhere_fails_as_well),
        cmocka_unit_test(test_a_ticket_that_is_let_go_of),
        cmocka_unit_test(test_a_ticket_that_is_kept_too_long),
        cmocka_unit_test(test_tickets_of_what_has_gone),
        cmocka_unit_test(test_extensions_go_with_their_server),
        cmocka_unit_test(test_tickets_can_be_pulled),
        cmocka_unit_test(test_a_client_has_extensions_as_well),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
