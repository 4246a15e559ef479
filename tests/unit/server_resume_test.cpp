// Sessions that outlive their connection, seen by clients that know nothing of it and by such that do. Over
// real sockets.
#include "cmocka.hpp"
#include "foreign_client.hpp"
#include "live_server.hpp"
#include "raw_peer.hpp"

#include <memory>
#include <thread>

using cryo_test::foreign_client;
using cryo_test::live_server;

namespace {

struct setting {
    std::uint32_t window_ms = 60'000; // a test that waits for it fails
    std::uint32_t threads = 1;
    std::uint32_t max_away = 1000;
    std::int32_t drop_policy = CRYO_DROP_OLDEST;
    std::uint32_t max_queue_count = 1000;
    std::string extra{}; // of the client's query
    std::uint32_t max_per_address = 0;
    std::uint32_t message_timeout_ms = 30'000;
    std::uint64_t high_water_mark = 16 * 1024 * 1024;
};

struct lost_session {
    live_server server;
    foreign_client::request who;
    std::unique_ptr<foreign_client> one;
    cryo_session *session = nullptr;
    std::string receipts; // on the service thread; read behind an event

    explicit lost_session(setting with = {}) {
        live_server::need(cryo_server_options_set_resume_window_ms(server.options, with.window_ms));
        live_server::need(cryo_server_options_set_threads(server.options, with.threads));
        live_server::need(cryo_server_options_set_max_away_sessions(server.options, with.max_away));
        live_server::need(cryo_server_options_set_drop_policy(server.options, with.drop_policy));
        live_server::need(cryo_server_options_set_max_queue_count(server.options, with.max_queue_count));
        live_server::need(
            cryo_server_options_set_max_sessions_per_address(server.options, with.max_per_address));
        live_server::need(
            cryo_server_options_set_message_timeout_ms(server.options, with.message_timeout_ms));
        live_server::need(cryo_server_options_set_low_water_mark(server.options, 1));
        live_server::need(cryo_server_options_set_high_water_mark(server.options, with.high_water_mark));
        server.keep_sessions = true;
        server.start();
        who.extra = with.extra;
        one = std::make_unique<foreign_client>(server.port, who);
        one->send_text("here");
        session = server.kept.get();
        expect("session");
        expect("text here");
    }
    void expect(const char *event) { assert_string_equal(server.told.get().c_str(), event); }
    void lose() {
        one->hang_up();
        expect("disconnected 1006 ");
    }
    cryo_status say(const char *text, std::uint64_t receipt = 0) {
        return cryo_session_send_with(session, CRYO_UTF8, reinterpret_cast<const std::uint8_t *>(text),
                                      std::strlen(text), nullptr, receipt);
    }
    void come_back(const char *before = nullptr) {
        one = std::make_unique<foreign_client>(server.port, who);
        assert_int_equal(one->status(), 101);
        if (before != nullptr) expect(before);
        expect("reconnected");
    }
    // The number of the frame.
    std::uint32_t hear(const char *text) {
        const auto frame = one->receive(cryo_test::utf8_data);
        assert_string_equal(frame.payload.c_str(), text);
        return frame.number;
    }
};

void test_what_was_under_way_and_what_was_sent_meanwhile(void **) {
    for (const std::uint32_t threads : {1, 3})
        for (int losses = 0; losses < 6; ++losses) { // each thread gets its turn
            lost_session at({.threads = threads});
            at.one->auto_ack = false;
            assert_int_equal(at.say("one"), CRYO_OK);
            assert_int_equal(at.say("two"), CRYO_OK);
            at.hear("one");
            at.hear("two");
            for (int again = 0; again <= losses; ++again) {
                at.lose();
                assert_true(cryo_session_is_open(at.session));
                assert_int_equal(cryo_server_session_count(at.server.handle), 1);
                assert_int_equal(at.say("three"), CRYO_OK);
                at.come_back();
                at.one->auto_ack = again == losses;
                at.hear("one");
                at.hear("two");
                for (int i = 0; i <= again; ++i)
                    at.hear("three");
            }
            at.one->send_text("done");
            at.expect("text done");
            at.one->close(4000, "bye");
            at.expect("closed 4000 bye");
        }
}

std::string resume_header(const foreign_client &of) {
    const std::string name = "X-Cryo-Resume: ";
    const auto at = of.head().find(name);
    if (at == std::string::npos) return "";
    return of.head().substr(at + name.size(), of.head().find("\r\n", at) - at - name.size());
}

void test_with_numbers_nothing_comes_twice(void **) {
    lost_session at({.extra = "&x-cryo-resume=new"});
    const std::string first = resume_header(*at.one);
    assert_int_equal(first.size(), 18);
    assert_string_equal(first.substr(16).c_str(), ".0");
    at.one->auto_ack = false; // the acknowledgements are lost
    assert_int_equal(at.say("one", 1), CRYO_OK);
    assert_int_equal(at.say("two", 2), CRYO_OK);
    const std::uint32_t number = at.hear("one");
    at.lose();
    at.who.extra = "&x-cryo-resume=" + first.substr(0, 16) + "." + std::to_string(number + 1);
    at.come_back("receipt 1 acknowledged");
    // The same conversation goes on; it has received "here".
    assert_string_equal(resume_header(*at.one).c_str(), (first.substr(0, 16) + ".1").c_str());
    assert_true(at.hear("two") > number);
    at.expect("receipt 2 acknowledged");
    assert_int_equal(at.say("three", 3), CRYO_OK);
    at.hear("three");
    at.expect("receipt 3 acknowledged");
}

void test_numbers_of_another_conversation_mean_nothing(void **) {
    for (const char *other : {"new", "0123456789abcdef.1000000", "", "nonsense"}) {
        lost_session at({.extra = "&x-cryo-resume=new"});
        const std::string first = resume_header(*at.one);
        at.one->auto_ack = false;
        assert_int_equal(at.say("one"), CRYO_OK);
        at.hear("one");
        at.lose();
        at.who.extra = std::string("&x-cryo-resume=") + other;
        at.come_back();
        assert_int_equal(at.hear("one"), 0); // the numbers begin anew
        const std::string now = resume_header(*at.one);
        assert_true(now != first);
        assert_int_equal(now.empty(), std::string_view(other) == "" || std::string_view(other) == "nonsense");
        if (!now.empty()) assert_string_equal(now.substr(16).c_str(), ".0");
    }
}

void test_it_ends_when_nobody_comes(void **) {
    lost_session at({.window_ms = 50});
    assert_int_equal(at.say("one", 7), CRYO_OK);
    at.lose();
    at.expect("receipt 7 closed");
    at.expect("closed 1006 ");
    assert_int_equal(cryo_server_session_count(at.server.handle), 0);
    assert_int_equal(at.say("two"), CRYO_ERR_CLOSED);
    foreign_client later(at.server.port, at.who);
    assert_int_equal(later.status(), 101);
    later.send_text("me");
    at.expect("session"); // another one
}

void test_who_closes_is_not_waited_for(void **) {
    for (const int code : {1000, 1001, 4000, 4002}) {
        lost_session at;
        at.one->close(code, "");
        at.expect(("closed " + std::to_string(code) + " ").c_str());
    }
}

void test_the_application_closes_it(void **) {
    lost_session at;
    assert_int_equal(at.say("one", 7), CRYO_OK);
    at.lose();
    assert_int_equal(cryo_session_close(at.session, 4000, "enough"), CRYO_OK);
    at.expect("receipt 7 closed");
    at.expect("closed 4000 enough");
    assert_int_equal(foreign_client(at.server.port, at.who).status(), 101);
}

void test_the_application_closes_it_when_it_hears_of_the_loss(void **) {
    lost_session at;
    at.server.on_disconnected = [](cryo_session *one) { cryo_session_close(one, 4000, "at once"); };
    at.one->hang_up();
    at.expect("disconnected 1006 ");
    at.expect("closed 4000 at once");
}

void test_the_server_stops(void **) {
    for (const std::uint32_t threads : {1, 3}) {
        lost_session at({.threads = threads});
        assert_int_equal(at.say("one", 7), CRYO_OK);
        at.lose();
        cryo_server_stop(at.server.handle);
        at.expect("receipt 7 closed");
        at.expect("closed 4000 Server shutdown.");
        assert_int_equal(cryo_server_wait(at.server.handle, 20'000), CRYO_OK);
    }
}

void test_strangers(void **) {
    lost_session at;
    at.lose();
    foreign_client::request stranger = at.who;
    stranger.token = "another";
    assert_int_equal(foreign_client(at.server.port, stranger).status(), 409);
    at.come_back();
}

// The validator knows that it is the same user.
void test_a_renewed_token(void **) {
    for (const bool noticed : {true, false}) {
        lost_session at;
        at.one->auto_ack = false;
        assert_int_equal(at.say("one"), CRYO_OK);
        if (noticed) at.lose();
        const auto old = std::move(at.one); // else half-open
        at.who.token = "renewed";
        at.server.replace = true;
        at.one = std::make_unique<foreign_client>(at.server.port, at.who);
        assert_int_equal(at.one->status(), 101);
        if (!noticed) at.expect("disconnected 4000 Taken over.");
        at.expect("reconnected");
        at.hear("one");
    }
}

void test_what_waits_is_bounded(void **) {
    {
        lost_session at({.max_queue_count = 2});
        at.lose();
        for (const char *text : {"1", "2", "3", "4"})
            assert_int_equal(at.say(text), CRYO_OK);
        at.expect("dropped oldest 1");
        at.expect("dropped oldest 2");
        at.come_back();
        at.hear("3");
        at.hear("4");
    }
    lost_session at({.drop_policy = CRYO_DROP_NEWEST, .max_queue_count = 2});
    at.lose();
    assert_int_equal(at.say("1"), CRYO_OK);
    assert_int_equal(at.say("2"), CRYO_OK);
    while (at.say("3") == CRYO_OK) // from another thread it is only known when they have arrived
        at.expect("dropped refused 3");
    at.come_back();
    at.hear("1");
    at.hear("2");
}

void test_as_many_as_may(void **) {
    lost_session at({.max_away = 1});
    at.lose();
    foreign_client second(at.server.port);
    second.send_text("me");
    at.expect("session");
    at.expect("text me");
    second.hang_up();
    at.expect("closed 1006 ");
    at.come_back();
}

void test_broadcasts(void **) {
    lost_session at({.threads = 2});
    at.lose();
    const std::string text = "to all";
    assert_int_equal(cryo_server_broadcast(at.server.handle, CRYO_UTF8,
                                           reinterpret_cast<const std::uint8_t *>(text.data()), text.size(),
                                           nullptr, nullptr),
                     CRYO_OK);
    at.come_back();
    at.hear("to all");
}

// The server does not know yet that the connection is lost.
void test_a_half_open_connection(void **) {
    for (const std::uint32_t threads : {1, 3}) {
        lost_session at({.threads = threads});
        at.one->auto_ack = false;
        assert_int_equal(at.say("one"), CRYO_OK);
        const auto old = std::move(at.one); // says and answers nothing any more
        at.one = std::make_unique<foreign_client>(at.server.port, at.who);
        assert_int_equal(at.one->status(), 101);
        at.expect("disconnected 4000 Taken over.");
        at.expect("reconnected");
        at.hear("one");
    }
}

// Its receipt tells what has arrived, before it is connected again.
void test_the_application_closes_it_on_its_way_back(void **) {
    lost_session at({.extra = "&x-cryo-resume=new"});
    const std::string first = resume_header(*at.one);
    at.one->auto_ack = false;
    assert_int_equal(at.say("one", 1), CRYO_OK);
    const std::uint32_t number = at.hear("one");
    at.lose();
    at.server.on_receipt = [](cryo_session *one) { cryo_session_close(one, 4000, "enough"); };
    at.who.extra = "&x-cryo-resume=" + first.substr(0, 16) + "." + std::to_string(number + 1);
    foreign_client again(at.server.port, at.who);
    assert_int_equal(again.status(), 101);
    at.expect("receipt 1 acknowledged");
    at.expect("closed 4000 enough");
    assert_int_equal(cryo_server_session_count(at.server.handle), 0);
}

// On the way to another loop, or just before or behind it: it ends, and its client is let in.
void test_the_application_closes_it_while_it_moves(void **) {
    for (int i = 0; i < 60; ++i) {
        lost_session at({.threads = 3});
        at.lose();
        std::thread other([&] { cryo_session_close(at.session, 4000, "enough"); });
        foreign_client again(at.server.port, at.who);
        other.join();
        assert_int_equal(again.status(), 101);
        std::string event = at.server.told.get();
        while (event == "reconnected" || event == "session")
            event = at.server.told.get();
        assert_string_equal(event.c_str(), "closed 4000 enough");
    }
}

// The same, with a client that has gone again before its session is there.
void test_a_client_that_leaves_while_its_session_moves(void **) {
    for (int i = 0; i < 60; ++i) {
        lost_session at({.threads = 3});
        at.lose();
        std::thread other([&] {
            at.say("one");
            cryo_session_close(at.session, 4000, "enough");
        });
        for (int attempt = 0; attempt < 3; ++attempt) {
            cryo_test::raw_peer again(at.server.port);
            again.send("GET /?authorization=Bearer%20secret&x-cryo-sid=" + at.who.sid +
                       " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        }
        other.join();
        std::string event = at.server.told.get();
        while (event != "closed 4000 enough")
            event = at.server.told.get();
    }
}

// With the next broadcast inside of the one that makes the oldest give way, and a close.
void test_a_broadcast_inside_of_a_broadcast(void **) {
    lost_session at({.max_queue_count = 1});
    const auto broadcast = [&](const char *text) {
        cryo_server_broadcast(at.server.handle, CRYO_UTF8, reinterpret_cast<const std::uint8_t *>(text),
                              std::strlen(text), nullptr, nullptr);
    };
    bool inside = false;
    at.server.on_dropped = [&](cryo_session *whose) {
        if (std::exchange(inside, true)) return;
        broadcast("inner");
        cryo_session_close(whose, 4000, "enough");
    };
    at.server.on_text = [&](cryo_session *, const std::string &) {
        broadcast("first");
        broadcast("second");
    };
    at.lose();
    foreign_client second(at.server.port);
    second.send_text("now");
    at.expect("session");
    at.expect("dropped oldest first");
    at.expect("dropped refused inner");
    at.expect("closed 4000 enough");
    at.expect("text now");
}

// Or one address could fill a server with sessions that nobody comes back to.
void test_as_many_of_an_address_as_may(void **) {
    lost_session at({.max_per_address = 1});
    at.lose();
    foreign_client second(at.server.port);
    second.send_text("me");
    at.expect("session");
    at.expect("text me");
    second.hang_up();
    at.expect("closed 1006 ");
    at.come_back();
    at.lose(); // it counts no more since it has come back
    at.come_back();
}

void test_a_client_that_needs_fresh_keys(void **) {
    lost_session at;
    at.one->auto_ack = false;
    assert_int_equal(at.say("one"), CRYO_OK);
    at.hear("one");
    at.one->close(4000, "rekey");
    at.expect("disconnected 4000 rekey");
    at.come_back();
    at.hear("one");
}

void test_a_loss_in_the_middle_of_a_message(void **) {
    lost_session at({.message_timeout_ms = 50});
    at.one->send_raw(std::string_view("\x82\xfe\x01\x00\0\0\0\0abc", 11)); // 3 bytes of 256
    at.expect("disconnected 1008 A message was not finished in time.");
    at.come_back();
}

void test_what_waits_is_counted(void **) {
    lost_session at;
    at.one->auto_ack = false;
    assert_int_equal(at.say("one"), CRYO_OK);
    at.hear("one");
    at.lose();
    double bytes = 0;
    assert_int_equal(cryo_session_stat(at.session, CRYO_STAT_QUEUED_BYTES, &bytes), CRYO_OK);
    assert_int_equal(static_cast<int>(bytes), 24);
    at.come_back();
    at.hear("one");
}

// What was accepted once has had its room.
void test_what_was_under_way_is_not_dropped(void **) {
    lost_session at({.max_queue_count = 2, .high_water_mark = 1});
    at.one->auto_ack = false;
    for (const char *text : {"1", "2", "3", "4", "5"}) {
        assert_int_equal(at.say(text), CRYO_OK);
        at.hear(text);
    }
    at.lose();
    at.come_back();
    for (const char *text : {"1", "2", "3", "4", "5"})
        at.hear(text);
    at.one->close(4000, "bye");
    at.expect("closed 4000 bye");
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_under_way_and_what_was_sent_meanwhile),
        cmocka_unit_test(test_with_numbers_nothing_comes_twice),
        cmocka_unit_test(test_numbers_of_another_conversation_mean_nothing),
        cmocka_unit_test(test_it_ends_when_nobody_comes),
        cmocka_unit_test(test_who_closes_is_not_waited_for),
        cmocka_unit_test(test_the_application_closes_it),
        cmocka_unit_test(test_the_application_closes_it_when_it_hears_of_the_loss),
        cmocka_unit_test(test_the_server_stops),
        cmocka_unit_test(test_strangers),
        cmocka_unit_test(test_a_renewed_token),
        cmocka_unit_test(test_what_waits_is_bounded),
        cmocka_unit_test(test_as_many_as_may),
        cmocka_unit_test(test_broadcasts),
        cmocka_unit_test(test_a_half_open_connection),
        cmocka_unit_test(test_the_application_closes_it_on_its_way_back),
        cmocka_unit_test(test_the_application_closes_it_while_it_moves),
        cmocka_unit_test(test_a_client_that_leaves_while_its_session_moves),
        cmocka_unit_test(test_a_broadcast_inside_of_a_broadcast),
        cmocka_unit_test(test_as_many_of_an_address_as_may),
        cmocka_unit_test(test_a_client_that_needs_fresh_keys),
        cmocka_unit_test(test_a_loss_in_the_middle_of_a_message),
        cmocka_unit_test(test_what_waits_is_counted),
        cmocka_unit_test(test_what_was_under_way_is_not_dropped),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
