// A connection over real sockets: hostile input and its exact answers, closes, and slow applications.
#include "cmocka.hpp"
#include "foreign_client.hpp"
#include "live_server.hpp"
#include "raw_peer.hpp"

#include <thread>
#include <utility>

using cryo_test::foreign_client;
using cryo_test::live_server;

namespace {

using action = std::function<void(foreign_client &)>;

// A WebSocket frame that is masked with zeros.
std::string masked(unsigned first_byte, const std::string &payload) {
    std::string out(1, static_cast<char>(first_byte));
    if (payload.size() < 126) {
        out += static_cast<char>(0x80 | payload.size());
    } else {
        out += static_cast<char>(0xfe);
        out += static_cast<char>(payload.size() >> 8);
        out += static_cast<char>(payload.size() & 0xff);
    }
    return out + std::string(4, '\0') + payload;
}

// --- what bad input gets
// --------------------------------------------------------------------------------------

struct hostile {
    const char *name;
    action act;
    int code;
    const char *reason; // null: any
};

void repeat(int times, const std::function<void(int)> &act) {
    for (int i = 0; i < times; ++i)
        act(i);
}

const hostile table[] = {
    {"a frame without a mask", [](foreign_client &c) { c.send_raw("\x82\x01x"); }, 1002, nullptr},
    {"a reserved bit", [](foreign_client &c) { c.send_raw(std::string("\xc2\x80\0\0\0\0", 6)); }, 1002,
     nullptr},
    {"a reserved opcode", [](foreign_client &c) { c.send_ws(3, ""); }, 1002, nullptr},
    {"a reserved control opcode", [](foreign_client &c) { c.send_ws(11, ""); }, 1002, nullptr},
    {"a ping in fragments", [](foreign_client &c) { c.send_ws(cryo_test::ws_ping, "a", false); }, 1002,
     nullptr},
    {"a ping of 126 bytes", [](foreign_client &c) { c.send_ws(cryo_test::ws_ping, std::string(126, 'a')); },
     1002, nullptr},
    {"a continuation of nothing", [](foreign_client &c) { c.send_ws(cryo_test::continuation, "a"); }, 1002,
     nullptr},
    {"a message inside a message",
     [](foreign_client &c) {
         c.send_ws(cryo_test::binary, "a", false);
         c.send_ws(cryo_test::binary, "b");
     },
     1002, nullptr},
    {"a close of one byte", [](foreign_client &c) { c.send_ws(cryo_test::close_frame, "a"); }, 1002, nullptr},
    {"a close with 1005", [](foreign_client &c) { c.send_ws(cryo_test::close_frame, "\x03\xed"); }, 1002,
     nullptr},
    {"a close whose reason is not UTF-8",
     [](foreign_client &c) { c.send_ws(cryo_test::close_frame, "\x03\xe8\xff"); }, 1007, nullptr},
    {"a text message", [](foreign_client &c) { c.send_ws(cryo_test::text, "a"); }, 1003, nullptr},
    {"too many fragments",
     [](foreign_client &c) {
         c.send_ws(cryo_test::binary, "", false);
         repeat(20, [&](int) { c.send_ws(cryo_test::continuation, "", false); });
     },
     1008, nullptr},
    {"a message too long", [](foreign_client &c) { c.send_ws(cryo_test::binary, std::string(2001, 'a')); },
     1009, nullptr},
    {"a length that is too long, and nothing behind it",
     [](foreign_client &c) { c.send_raw(std::string("\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff", 10)); }, 1009,
     nullptr},
    {"fragments that add up to too much",
     [](foreign_client &c) {
         c.send_ws(cryo_test::binary, std::string(1500, 'a'), false);
         c.send_ws(cryo_test::continuation, std::string(501, 'a'));
     },
     1009, nullptr},
    {"text that is not UTF-8", [](foreign_client &c) { c.send_text("\xff"); }, 1007,
     "A text message is not UTF-8."},
    {"a client hello", [](foreign_client &c) { c.send_frame(6, 0, std::string(65, '\4')); }, 4010,
     "This server does not speak CALE."},
    {"rubbish, often", [](foreign_client &c) { repeat(17, [&](int) { c.send_ws(cryo_test::binary, "x"); }); },
     4001, "Too many malformed frames."},
    {"another's sid, often",
     [](foreign_client &c) {
         repeat(17, [&](int) { c.send_ws(cryo_test::binary, std::string(16, '\7') + std::string(5, '\0')); });
     },
     4001, "Too many malformed frames."},
    {"a message that is not finished", [](foreign_client &c) { c.send_ws(cryo_test::binary, "a", false); },
     1008, "A message was not finished in time."},
};

void test_hostile_input(void **) {
    live_server server;
    cryo_server_options_set_max_message_bytes(server.options, 2000);
    cryo_server_options_set_max_fragments(server.options, 16);
    cryo_server_options_set_message_timeout_ms(server.options, 50);
    cryo_server_options_set_keepalive_ms(server.options, 600'000); // the bystander says nothing for long
    server.start();
    foreign_client bystander(server.port);
    bystander.send_text("0");
    assert_string_equal(server.told.get().c_str(), "session");
    assert_string_equal(server.told.get().c_str(), "text 0");
    for (const hostile &one : table) {
        foreign_client client(server.port);
        client.send_text("hello");
        assert_string_equal(server.told.get().c_str(), "session");
        assert_string_equal(server.told.get().c_str(), "text hello");
        one.act(client);
        const auto seen = client.wait_for_close();
        const std::string told = server.told.get();
        const std::string wanted = "closed " + std::to_string(one.code) + " " + seen.reason;
        if (seen.code != one.code || told != wanted) print_error("%s: %s\n", one.name, told.c_str());
        assert_int_equal(seen.code, one.code);
        if (one.reason != nullptr) assert_string_equal(seen.reason.c_str(), one.reason);
        assert_string_equal(told.c_str(), wanted.c_str());
    }
    bystander.send_text("1"); // is not disturbed
    assert_string_equal(server.told.get().c_str(), "text 1");
}

void test_no_waiting_for_one_who_makes_no_sense(void **) {
    live_server server;
    cryo_server_options_set_close_timeout_ms(server.options, 60'000);
    server.start();
    foreign_client client(server.port);
    client.send_text("hello");
    client.send_ws(3, "");
    assert_int_equal(client.wait_for_close().code, 1002);
    assert_string_equal(server.told.get().c_str(), "session");
    assert_string_equal(server.told.get().c_str(), "text hello");
    assert_true(server.told.get().starts_with("closed 1002"));
}

// Pings go unanswered while the line is busy with one message.
void test_a_long_message_on_a_slow_line_is_life(void **) {
    live_server server;
    cryo_server_options_set_keepalive_ms(server.options, 100);
    server.start();
    foreign_client client(server.port);
    const std::string whole = client.frame_bytes(cryo_test::binary_data, 0, std::string(8, 'x'));
    client.send_raw(std::string("\x82") + static_cast<char>(0x80 | whole.size()) + std::string(4, '\0'));
    for (const char byte : whole) { // a byte for each ping
        assert_string_equal(client.receive(cryo_test::ping_pong).payload.c_str(), "ping");
        client.send_raw(std::string(1, byte));
    }
    assert_string_equal(server.told.get().c_str(), "session");
    assert_string_equal(server.told.get().c_str(), "binary xxxxxxxx");
}

// A message may take longer than its time-out as long as it goes on, by the least rate on average.
void test_a_message_that_goes_on(void **) {
    const struct {
        std::uint32_t rate;
        std::uint32_t timeout_ms;
        std::size_t piece;
        bool good;
    } cases[] = {
        {100, 1500, 300, true}, // 1000 bytes a second or so
        {0, 1500, 1, true},     // any byte will do
        {1000, 400, 1, false},  // far too slow
        {100, 1500, 0, false},  // pings of its own inside the message are none of it
    };
    for (const auto &one : cases) {
        live_server server;
        cryo_server_options_set_keepalive_ms(server.options, 300);
        cryo_server_options_set_message_timeout_ms(server.options, one.timeout_ms);
        cryo_server_options_set_min_message_rate(server.options, one.rate);
        server.start();
        foreign_client client(server.port);
        const std::string payload(one.piece * 10, 'x');
        const std::string whole = client.frame_bytes(cryo_test::binary_data, 0, payload);
        client.send_ws(cryo_test::binary, whole.substr(0, whole.size() - payload.size()), false);
        assert_string_equal(server.told.get().c_str(), "session");
        bool closed = false;
        for (int sent = 0; sent < 10 && !closed; ++sent) { // with each ping, for twice the time-out
            auto frame = client.receive_ws();
            while (frame && frame->opcode == cryo_test::ws_pong)
                frame = client.receive_ws();
            closed = !frame || frame->opcode != cryo_test::binary;
            if (one.piece == 0) client.send_ws(cryo_test::ws_ping, std::string(100, 'p'));
            if (one.piece > 0 && !closed)
                client.send_ws(cryo_test::continuation, payload.substr(0, one.piece), sent == 9);
        }
        const std::string told = server.told.get();
        if (one.good)
            assert_string_equal(told.c_str(), ("binary " + payload).c_str());
        else
            assert_string_equal(told.c_str(), "closed 1008 A message was not finished in time.");
    }
}

void test_answers_to_single_violations(void **) {
    live_server server;
    server.start();
    foreign_client client(server.port);
    client.send_ws(cryo_test::binary, "short");
    client.send_frame(9, 77, "");
    client.send_frame(cryo_test::ack, 78, "x");
    for (const std::uint32_t number : {0u, 77u, 78u}) {
        const auto frame = client.receive(cryo_test::error_frame);
        assert_int_equal(frame.number, number);
        assert_string_equal(frame.payload.c_str(), "invalid_operation");
    }
}

// Also from a client that is not known to listen yet: it hears that, and the application has heard it.
void test_what_came_before_a_failure_counts(void **) {
    const struct {
        const char *name;
        action act;
        int code;
    } cases[] = {
        {"too many fragments",
         [](foreign_client &c) {
             c.send_ws(cryo_test::binary, "", false);
             repeat(16, [&](int) { c.send_ws(cryo_test::continuation, "", false); });
         },
         1008},
        {"a message too long",
         [](foreign_client &c) { c.send_ws(cryo_test::binary, std::string(2001, 'a')); }, 1009},
        {"no mask", [](foreign_client &c) { c.send_raw("\x82\x01x"); }, 1002},
        {"text", [](foreign_client &c) { c.send_ws(cryo_test::text, "x"); }, 1003},
        {"a close reason that is not UTF-8",
         [](foreign_client &c) { c.send_ws(cryo_test::close_frame, "\x03\xe8\xff"); }, 1007},
        {"a message that is not finished",
         [](foreign_client &c) { c.send_ws(cryo_test::binary, "a", false); }, 1008},
    };
    live_server server;
    cryo_server_options_set_hello_wait_ms(server.options, 600'000);
    cryo_server_options_set_max_message_bytes(server.options, 2000);
    cryo_server_options_set_max_fragments(server.options, 16);
    cryo_server_options_set_message_timeout_ms(server.options, 100);
    server.start();
    for (const auto &one : cases) {
        foreign_client client;
        client.auto_pong = false;
        client.connect(server.port, {});
        assert_int_equal(client.receive_ws()->opcode, cryo_test::ws_ping);
        client.send_text("a");
        client.send_text("b");
        one.act(client);
        for (const std::uint32_t number : {0u, 1u}) {
            const auto frame = client.receive();
            assert_true(frame && frame->type == cryo_test::ack && frame->number == number);
        }
        const auto seen = client.wait_for_close();
        if (seen.code != one.code) print_error("%s\n", one.name);
        assert_int_equal(seen.code, one.code);
        for (const char *told : {"session", "text a", "text b"})
            assert_string_equal(server.told.get().c_str(), told);
        assert_string_equal(server.told.get().c_str(),
                            ("closed " + std::to_string(one.code) + " " + seen.reason).c_str());
    }
}

// --- closes
// -----------------------------------------------------------------------------------------------------

void test_closes_of_the_peer(void **) {
    live_server server;
    server.start();
    const struct {
        std::string payload;
        int answer;
        std::string told;
    } cases[] = {
        {"", 1005, "closed 1005 "},
        {"\x03\xe8", 1000, "closed 1000 "},
        {"\x0f\xa0gone", 4000, "closed 4000 gone"},
        {"\x03\xe9", 1001, "closed 1001 "},
    };
    for (const auto &one : cases) {
        foreign_client client(server.port);
        client.send_text("x");
        client.send_ws(cryo_test::close_frame, one.payload);
        const auto seen = client.wait_for_close();
        assert_int_equal(seen.code, one.answer);
        assert_string_equal(server.told.get().c_str(), "session");
        assert_string_equal(server.told.get().c_str(), "text x");
        assert_string_equal(server.told.get().c_str(), one.told.c_str());
    }
    foreign_client lost(server.port);
    lost.send_text("x");
    assert_string_equal(server.told.get().c_str(), "session");
    assert_string_equal(server.told.get().c_str(), "text x");
    lost.reset();
    assert_string_equal(server.told.get().c_str(), "closed 1006 ");
}

// What another thread sent before the service thread closes leaves before the close.
void test_mail_leaves_before_a_close(void **) {
    live_server server;
    server.on_text = [](cryo_session *from, const std::string &) {
        std::thread([from] {
            for (const char *text : {"a", "b", "c"})
                cryo_session_send(from, CRYO_UTF8, reinterpret_cast<const std::uint8_t *>(text), 1);
        }).join();
        cryo_session_close(from, 4000, "bye");
    };
    server.start();
    foreign_client client(server.port);
    client.send_text("go");
    for (const char *text : {"a", "b", "c"})
        assert_string_equal(client.receive_text().c_str(), text);
    assert_int_equal(client.wait_for_close().code, 4000);
}

void test_a_silent_peer(void **) {
    live_server server;
    cryo_server_options_set_keepalive_ms(server.options, 20);
    server.start();
    foreign_client client(server.port);
    const auto seen = client.wait_for_close();
    assert_int_equal(seen.code, 4001);
}

// The first message may come with the head, in one packet, from a client that answers no ping.
// Neither its answer to our close nor its end is waited for, and it may come back at once.
void test_a_silent_peer_is_gone_at_once(void **) {
    live_server server;
    cryo_server_options_set_keepalive_ms(server.options, 100);
    cryo_server_options_set_close_timeout_ms(server.options, 600'000);
    server.start();
    foreign_client client(server.port);
    client.send_text("hello");
    assert_string_equal(server.told.get().c_str(), "session");
    assert_string_equal(server.told.get().c_str(), "text hello");
    assert_string_equal(server.told.get().c_str(), "closed 4001 No sign of life after a ping.");
    foreign_client again(server.port, {.sid = client.sid()});
    assert_int_equal(again.status(), 101);
    const auto seen = client.wait_for_close(); // it was handed to the system before the end
    assert_int_equal(seen.code, 4001);
    assert_string_equal(seen.reason.c_str(), "No sign of life after a ping.");
    again.close(1000, "");
}

void test_everything_in_one_packet(void **) {
    live_server server;
    cryo_server_options_set_hello_wait_ms(server.options, 20);
    server.hold_tickets = true;
    server.start();
    foreign_client shape; // only for its frames
    cryo_test::raw_peer peer(server.port);
    std::string all = "GET /?authorization=Bearer%20t&x-cryo-sid=" + shape.sid() +
                      " HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    for (int i = 0; i < 200; ++i) {
        const std::string frame = shape.frame_bytes(cryo_test::utf8_data, static_cast<std::uint32_t>(i),
                                                    std::to_string(i) + std::string(900, '.'));
        all += masked(0x82, frame);
    }
    std::thread sender([&] { peer.send(all); }); // more than the server takes before its verdict
    cryo_auth_accept(server.tickets.get());
    assert_string_equal(server.told.get().c_str(), "session");
    for (int i = 0; i < 200; ++i)
        assert_true(server.told.get().starts_with("text " + std::to_string(i) + "."));
    sender.join();
}

// --- slow applications
// --------------------------------------------------------------------------------------------

// While the application does not pull, its peers are not heard, and so are not silent.
void test_a_slow_application_closes_nobody(void **) {
    live_server server;
    cryo_queue *queue = nullptr;
    live_server::need(cryo_queue_new(&queue));
    live_server::need(cryo_queue_set_capacity(queue, 3, 1'000'000));
    cryo_events_on_message(server.events, nullptr);
    cryo_events_on_listening(server.events, nullptr);
    cryo_events_on_session(server.events, nullptr);
    cryo_events_on_stat(server.events, [](cryo_session *, std::int32_t, double, void *) {});
    live_server::need(cryo_events_use_queue(server.events, queue));
    cryo_server_options_set_keepalive_ms(server.options, 100);
    cryo_server_options_set_message_timeout_ms(server.options, 20);
    server.start();
    foreign_client client(server.port);
    client.send_text("0");
    client.receive(cryo_test::ack); // three events now, with that it listens and that the session is there
    const auto frame = [&](std::uint32_t i) {
        return client.frame_bytes(cryo_test::utf8_data, i, std::to_string(i));
    };
    client.send_raw(masked(0x82, frame(1)) + masked(0x82, frame(2)) + masked(0x02, frame(3)));
    for (int i = 0; i < 6; ++i)
        client.receive(cryo_test::ping_pong);    // not answered: nobody would read it
    client.send_ws(cryo_test::continuation, ""); // the end of the last message
    for (int i = 0; i < 4;) {
        cryo_event *event = nullptr;
        live_server::need(cryo_queue_next(queue, 20'000, &event));
        const std::string text = cryo_event_text(event);
        const bool message = cryo_event_kind(event) == CRYO_EVENT_MESSAGE;
        if (message) assert_int_equal(cryo_event_data(event, nullptr)[0], '0' + i++);
        cryo_event_free(event);
    }
    cryo_queue_free(queue);
}

// What other threads send is bounded before it is in the session's queue, empty messages too.
void test_mail_is_bounded(void **) {
    live_server server;
    server.keep_sessions = true;
    cryo_server_options_set_threads(server.options, 0);
    cryo_server_options_set_high_water_mark(server.options, 1000);
    cryo_server_options_set_low_water_mark(server.options, 10);
    cryo_server_options_set_max_queued_bytes(server.options, 1100);
    cryo_server_options_set_drop_policy(server.options, CRYO_DROP_NEWEST);
    server.start();
    int received = 0;
    std::thread peer([&] {
        foreign_client client(server.port);
        client.send_text("hello");
        for (int i = 0; i < 100; ++i)
            received += client.receive_binary().empty() ? 1 : 0;
        client.close(1000, "");
    });
    while (server.kept.size() == 0)
        live_server::need(cryo_server_run_once(server.handle, -1));
    cryo_session *const session = server.kept.get();
    int accepted = 0; // outside run_once this thread is like any other
    while (accepted < 100'000 && cryo_session_send(session, CRYO_BINARY, nullptr, 0) == CRYO_OK)
        ++accepted;
    assert_int_equal(accepted, 100); // of 21 bytes each
    assert_int_equal(cryo_session_send(session, CRYO_BINARY, nullptr, 0), CRYO_ERR_FULL);
    while (cryo_server_session_count(server.handle) > 0)
        live_server::need(cryo_server_run_once(server.handle, -1));
    peer.join();
    assert_int_equal(received, 100);
}

// --- servers
// ------------------------------------------------------------------------------------------------------

void test_broadcast_counts_without_a_stranger(void **) {
    live_server one, other;
    one.keep_sessions = other.keep_sessions = true;
    one.start();
    other.start();
    foreign_client client(one.port), stranger(other.port);
    client.send_text("x");
    stranger.send_text("x");
    cryo_session *const known = one.kept.get(), *const foreign = other.kept.get();
    const auto count_without = [&](cryo_session *except) {
        std::size_t count = 99;
        live_server::need(cryo_server_broadcast(one.handle, CRYO_BINARY, nullptr, 0, except, &count));
        return count;
    };
    assert_int_equal(count_without(nullptr), 1);
    assert_int_equal(count_without(known), 0);
    assert_int_equal(count_without(foreign), 1);
    live_server empty;
    empty.start();
    std::size_t count = 99;
    live_server::need(cryo_server_broadcast(empty.handle, CRYO_BINARY, nullptr, 0, known, &count));
    assert_int_equal(count, 0);
}

// One thread runs the loop and knows nothing; another one frees the server.
void test_freed_while_another_thread_runs_it(void **) {
    for (int i = 0; i < 50; ++i) {
        cryo_server *handle = nullptr;
        live_server server;
        cryo_server_options_set_threads(server.options, 0);
        server.start();
        handle = std::exchange(server.handle, nullptr);
        cryo_test::mailbox<int> running;
        std::thread runner([&] {
            running.put(1);
            while (cryo_server_run_once(handle, -1) == CRYO_OK) {
            }
        });
        running.get();
        cryo_server_free(handle);
        runner.join();
    }
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile_input),
        cmocka_unit_test(test_no_waiting_for_one_who_makes_no_sense),
        cmocka_unit_test(test_a_long_message_on_a_slow_line_is_life),
        cmocka_unit_test(test_a_message_that_goes_on),
        cmocka_unit_test(test_answers_to_single_violations),
        cmocka_unit_test(test_what_came_before_a_failure_counts),
        cmocka_unit_test(test_closes_of_the_peer),
        cmocka_unit_test(test_mail_leaves_before_a_close),
        cmocka_unit_test(test_a_silent_peer),
        cmocka_unit_test(test_a_silent_peer_is_gone_at_once),
        cmocka_unit_test(test_everything_in_one_packet),
        cmocka_unit_test(test_a_slow_application_closes_nobody),
        cmocka_unit_test(test_mail_is_bounded),
        cmocka_unit_test(test_broadcast_counts_without_a_stranger),
        cmocka_unit_test(test_freed_while_another_thread_runs_it),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
