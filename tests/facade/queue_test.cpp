// The same events, pulled.
#include "facade_support.hpp"

#include <poll.h>

#include <thread>

using namespace cryo_test;

static_assert(!std::is_copy_constructible_v<cryo::event> && std::is_move_constructible_v<cryo::event>);

namespace {

// The next event of this kind; statistics come when they like.
cryo::event next(cryo::queue &queue, cryo::event_kind kind) {
    for (;;) {
        std::optional<cryo::event> event = queue.next(patience);
        if (!event) throw std::runtime_error("no event came");
        if (event->kind() == kind) return std::move(*event);
    }
}

} // namespace

static void test_a_conversation(void **) {
    cryo::queue queue;
    cryo::server server({.port = 0, .keepalive = std::chrono::milliseconds(500)}, queue);
    server.start();
    const cryo::event listening = next(queue, cryo::event_kind::listening);
    assert_string_equal(std::string(listening.host()).c_str(), "127.0.0.1");
    assert_int_equal(listening.port(), server.port());

    mailbox<std::string> heard;
    foreign_client client;
    std::thread person([&] {
        client.connect(server.port(), {.token = "pulled"});
        heard.put(client.receive_text());
        client.send_binary("question");
        heard.put(client.receive_binary());
        const close_seen seen = client.wait_for_close();
        heard.put(std::to_string(seen.code) + seen.reason);
    });

    cryo::event asked = next(queue, cryo::event_kind::auth);
    assert_string_equal(asked.auth().token().c_str(), "pulled");
    assert_false(static_cast<bool>(asked.session()));
    assert_true(asked.auth().accept());

    const cryo::session session = next(queue, cryo::event_kind::session).session();
    assert_int_equal(status_of([&] { session.on_message([](cryo::message) {}); }), CRYO_ERR_STATE);
    session.set("works", true);
    session.send("hello");
    assert_string_equal(heard.get().c_str(), "hello");

    cryo::event message = next(queue, cryo::event_kind::message);
    assert_true(message.session() == session);
    assert_true(message.message().kind() == cryo::kind::binary && !message.message().is_text());
    assert_true(message.message().text() == "question");
    assert_int_equal(message.message().size(), 8);
    assert_int_equal(status_of([&] { message.auth(); }), CRYO_ERR_NOT_FOUND);
    session.send(message.message());
    assert_string_equal(heard.get().c_str(), "question");

    const cryo::event stat = next(queue, cryo::event_kind::stat);
    assert_true(stat.session() == session);
    assert_in_range(static_cast<unsigned>(stat.statistic()), CRYO_STAT_RTT, CRYO_STAT_ACK_TIMEOUT);
    assert_true(stat.value() >= 0);

    session.close(4100, "done");
    assert_string_equal(heard.get().c_str(), "4100done");
    const cryo::event closed = next(queue, cryo::event_kind::closed);
    assert_int_equal(closed.code(), 4100);
    assert_true(closed.reason() == "done");
    assert_true(closed.session() == session);
    person.join();
}

static void test_an_event_that_goes_takes_its_ticket_along(void **) {
    cryo::queue queue;
    cryo::server server({.port = 0, .validation_timeout = std::chrono::minutes(10)}, queue);
    server.start();
    mailbox<int> status;
    std::thread person([&] {
        status.put(foreign_client(server.port()).status());
        status.put(foreign_client(server.port()).status());
    });
    { const cryo::event dropped = next(queue, cryo::event_kind::auth); }
    assert_int_equal(status.get(), 401);

    std::optional<cryo::auth> kept;
    {
        cryo::event event = next(queue, cryo::event_kind::auth);
        kept.emplace(std::move(event.auth()));
    }
    assert_true(kept->accept());
    assert_int_equal(status.get(), 101);
    person.join();
}

static void test_tickets_by_handler_and_the_rest_pulled(void **) {
    cryo::queue queue;
    cryo::server server(any_port(), accept_all, queue);
    assert_int_equal(status_of([&] { server.on_message([](cryo::message) {}); }), CRYO_ERR_STATE);
    server.start();
    foreign_client client(server.port());
    client.send_text("hi");
    assert_int_equal(client.status(), 101);
    assert_true(next(queue, cryo::event_kind::message).message().text() == "hi");
}

static void test_waiting_ends_by_time_and_by_wake(void **) {
    cryo::queue queue;
    assert_false(queue.next(std::chrono::milliseconds(0)).has_value());
    assert_false(queue.next(std::chrono::milliseconds(1)).has_value());
    std::thread other([&] { queue.wake(); });
    assert_false(queue.next().has_value());
    other.join();
    assert_int_equal(status_of([&] { queue.set_capacity(0, 1); }), CRYO_ERR_INVALID);
    queue.set_capacity(1, 1);
}

static void test_the_descriptor_tells(void **) {
    cryo::queue queue;
    pollfd ready{queue.fd(), POLLIN, 0};
    assert_int_equal(poll(&ready, 1, 0), 0);
    cryo::server server(any_port(), queue);
    server.start();
    assert_int_equal(poll(&ready, 1, 20'000), 1);
    assert_true(queue.next(std::chrono::milliseconds(0))->kind() == cryo::event_kind::listening);
    assert_int_equal(poll(&ready, 1, 0), 0);
}

static void test_batches(void **) {
    cryo::queue queue;
    cryo::batch events;
    assert_false(queue.next_many(events, std::chrono::milliseconds(0)));
    assert_true(events.empty() && events.size() == 0 && events.begin() == events.end());
    cryo::server server(any_port(), queue);
    server.start();
    std::thread person([&] {
        foreign_client client(server.port(), {.token = "pulled"});
        for (int i = 0; i < 100; ++i)
            client.send_text(std::to_string(i));
        for (int i = 0; i < 100; ++i)
            assert_string_equal(client.receive_text().c_str(), std::to_string(i).c_str());
    });
    int messages = 0, listening = 0, sessions = 0;
    cryo::session kept;
    for (bool open = true; open && queue.next_many(events, patience);) {
        assert_int_equal(std::distance(events.begin(), events.end()), events.size());
        for (const cryo::event_view event : events) {
            switch (event.kind()) {
            case cryo::event_kind::listening:
                assert_true(event.host() == "127.0.0.1");
                assert_int_equal(event.port(), server.port());
                assert_int_equal(status_of([&] { event.auth(); }), CRYO_ERR_NOT_FOUND);
                ++listening;
                break;
            case cryo::event_kind::auth: {
                cryo::auth ticket = event.auth();
                assert_string_equal(ticket.token().c_str(), "pulled");
                assert_true(ticket.accept());
            } break;
            case cryo::event_kind::session:
                kept = event.session();
                ++sessions;
                break;
            case cryo::event_kind::message:
                assert_true(event.message().text() == std::to_string(messages));
                event.send(event.message());
                ++messages;
                break;
            case cryo::event_kind::closed:
                assert_true(event.session() == kept);
                open = false;
                break;
            default:
                break;
            }
        }
        cryo::batch moved = std::move(events);
        assert_true(events.empty() && !moved.empty());
        events = std::move(moved);
    }
    person.join();
    assert_int_equal(messages, 100);
    assert_int_equal(listening, 1);
    assert_int_equal(sessions, 1);
    events.release();
    assert_true(events.empty());
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_a_conversation),
        cmocka_unit_test(test_an_event_that_goes_takes_its_ticket_along),
        cmocka_unit_test(test_tickets_by_handler_and_the_rest_pulled),
        cmocka_unit_test(test_waiting_ends_by_time_and_by_wake),
        cmocka_unit_test(test_the_descriptor_tells),
        cmocka_unit_test(test_batches),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
