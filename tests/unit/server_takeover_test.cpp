// A client that comes with the id of a live session: who stays, under each policy. Over real sockets.
#include "cmocka.hpp"
#include "foreign_client.hpp"
#include "live_server.hpp"
#include "raw_peer.hpp"

#include <atomic>
#include <memory>
#include <thread>

using cryo_test::foreign_client;
using cryo_test::live_server;
using cryo_test::raw_peer;

namespace {

constexpr std::uint32_t for_ever = 60'000; // a test that waits for it fails

struct setting {
    std::int32_t policy = 0; // 0: the default
    std::uint32_t probe_ms = for_ever;
    std::uint32_t threads = 1;
    std::uint32_t max_sessions = 0;
};

// A session that was announced, and then says and answers nothing.
struct silent_session {
    live_server server;
    std::unique_ptr<foreign_client> one;

    explicit silent_session(setting with) {
        if (with.policy != 0)
            live_server::need(cryo_server_options_set_duplicate_policy(server.options, with.policy));
        live_server::need(cryo_server_options_set_probe_timeout_ms(server.options, with.probe_ms));
        live_server::need(cryo_server_options_set_threads(server.options, with.threads));
        live_server::need(cryo_server_options_set_max_sessions(server.options, with.max_sessions));
        server.start();
        one = std::make_unique<foreign_client>(server.port);
        one->send_text("here");
        expect("session");
        expect("text here");
    }
    void expect(const char *event) { assert_string_equal(server.told.get().c_str(), event); }
    foreign_client::request same_id(std::string token = "secret") const {
        return {.token = std::move(token), .sid = one->sid()};
    }
    void expect_that_it_lives() {
        one->send_text("still here");
        expect("text still here");
    }
    void expect_takeover_by(foreign_client &other) {
        assert_int_equal(other.status(), 101);
        expect("closed 4000 Taken over.");
        other.send_text("me again");
        expect("session");
        expect("text me again");
        const auto seen = one->wait_for_close(); // as it can hear it
        assert_int_equal(seen.code, 4000);
        assert_string_equal(seen.reason.c_str(), "Taken over.");
    }
};

void test_one_that_does_not_answer_gives_way(void **) {
    for (const std::uint32_t threads : {1, 3}) {
        silent_session at({.probe_ms = 50, .threads = threads});
        foreign_client other(at.server.port, at.same_id());
        at.expect_takeover_by(other);
    }
}

// In a thread of its own, until the connection ends: an answer to each ping, or a message instead.
class live_peer {
  public:
    live_peer(foreign_client &one, bool with_pongs)
        : thread_([&one, with_pongs] {
              one.auto_pong = false;
              while (const auto frame = one.receive_ws())
                  if (frame->opcode == cryo_test::ws_ping)
                      with_pongs ? one.send_ws(cryo_test::ws_pong, frame->payload)
                                 : static_cast<void>(one.send_text("busy"));
          }) {}
    ~live_peer() { thread_.join(); }

  private:
    std::thread thread_;
};

void test_one_that_shows_life_stays(void **) {
    for (const bool with_pongs : {true, false}) {
        silent_session at({});
        {
            const live_peer answering(*at.one, with_pongs);
            for (int tries = 0; tries < 3; ++tries)
                assert_int_equal(foreign_client(at.server.port, at.same_id()).status(), 409);
            cryo_server_stop(at.server.handle);
        }
        if (!with_pongs)
            for (int tries = 0; tries < 3; ++tries)
                at.expect("text busy");
        at.expect("closed 4000 Server shutdown.");
    }
}

// Whose events nobody pulls: behind its first message the session is not read from.
struct unread_session {
    live_server server;
    cryo_queue *queue = nullptr;
    std::unique_ptr<foreign_client> one;

    unread_session() {
        live_server::need(cryo_queue_new(&queue));
        live_server::need(cryo_queue_set_capacity(queue, 1, 1'000'000));
        cryo_events_on_message(server.events, nullptr);
        live_server::need(cryo_events_use_queue(server.events, queue));
        live_server::need(cryo_server_options_set_probe_timeout_ms(server.options, 100));
        server.start();
        one = std::make_unique<foreign_client>(server.port);
        one->send_text("read");
        one->receive(cryo_test::ack); // two events wait now, with that the server listens
        assert_string_equal(server.told.get().c_str(), "session");
    }
    ~unread_session() {
        cryo_server_free(std::exchange(server.handle, nullptr));
        cryo_queue_free(queue);
    }
    int status_of_newcomer() const {
        return foreign_client(server.port, {.token = "secret", .sid = one->sid()}).status();
    }
};

// What it said before it was lost may lie there unread, and is no life.
void test_what_was_said_before_is_no_life(void **) {
    for (const bool leaves : {true, false}) {
        unread_session at;
        at.one->send_text("unread");
        if (leaves) at.one->hang_up();
        assert_int_equal(at.status_of_newcomer(), 101);
        assert_string_equal(at.server.told.get().c_str(), "closed 4000 Taken over.");
    }
}

void test_an_answer_that_is_not_read_is_life(void **) {
    unread_session at;
    at.one->send_text("unread");
    const live_peer answering(*at.one, true);
    assert_int_equal(at.status_of_newcomer(), 409);
    cryo_server_stop(at.server.handle);
}

void test_another_token_takes_nothing(void **) {
    for (const std::int32_t policy : {CRYO_DUPLICATE_PROBE, CRYO_DUPLICATE_REFUSE, CRYO_DUPLICATE_REPLACE}) {
        silent_session at({.policy = policy});
        for (const char *token : {"other", "secre", "secret1", "Secret"})
            assert_int_equal(foreign_client(at.server.port, at.same_id(token)).status(), 409);
        at.expect_that_it_lives();
    }
}

void test_refuse(void **) {
    silent_session at({.policy = CRYO_DUPLICATE_REFUSE});
    assert_int_equal(foreign_client(at.server.port, at.same_id()).status(), 409);
    at.expect_that_it_lives();
}

void test_replace(void **) {
    silent_session at({.policy = CRYO_DUPLICATE_REPLACE});
    foreign_client other(at.server.port, at.same_id());
    at.expect_takeover_by(other);
}

void test_the_validator_decides(void **) {
    for (const std::int32_t policy : {CRYO_DUPLICATE_PROBE, CRYO_DUPLICATE_REFUSE}) {
        silent_session at({.policy = policy});
        at.server.hold_tickets = true;
        std::unique_ptr<foreign_client> other;
        std::thread asking(
            [&] { other = std::make_unique<foreign_client>(at.server.port, at.same_id("renewed")); });
        cryo_auth *const ticket = at.server.tickets.get();
        assert_int_equal(cryo_auth_replace(ticket), CRYO_OK);
        assert_int_equal(cryo_auth_replace(ticket), CRYO_ERR_STATE);
        asking.join();
        at.expect_takeover_by(*other);
    }
}

void test_replacing_nobody_is_accepting(void **) {
    live_server server;
    server.hold_tickets = true;
    server.start();
    std::thread asking([&] {
        foreign_client one(server.port);
        one.send_text("here");
        one.close(4000, "");
    });
    assert_int_equal(cryo_auth_replace(server.tickets.get()), CRYO_OK);
    asking.join();
    for (const char *event : {"session", "text here", "closed 4000 "})
        assert_string_equal(server.told.get().c_str(), event);
}

// It has asked and waits for no answer.
raw_peer asking(std::uint16_t port, const foreign_client::request &what) {
    raw_peer peer(port);
    peer.send("GET /?authorization=Bearer%20" + what.token + "&x-cryo-sid=" + what.sid +
              " HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    return peer;
}

void test_a_newcomer_that_leaves_changes_nothing(void **) {
    silent_session at({.probe_ms = 50});
    for (int tries = 0; tries < 5; ++tries)
        asking(at.server.port, at.same_id()).close();
    at.expect_that_it_lives();
    foreign_client other(at.server.port, at.same_id());
    at.expect_takeover_by(other);
}

void test_several_newcomers(void **) {
    silent_session at({.probe_ms = 50, .threads = 2});
    std::atomic<int> in{0}, refused{0};
    std::vector<std::thread> all;
    for (int i = 0; i < 4; ++i)
        all.emplace_back([&] {
            foreign_client other(at.server.port, at.same_id());
            ++(other.status() == 101 ? in : refused);
            if (other.status() == 101) other.wait_for_close(); // answers pings meanwhile
        });
    at.expect("closed 4000 Taken over.");
    at.expect("session");
    while (refused < 3) // who lost hears so, as the one that is in shows life
        std::this_thread::yield();
    assert_int_equal(in, 1);
    cryo_server_stop(at.server.handle);
    for (std::thread &each : all)
        each.join();
}

// A full server lets in who takes the place of a session of its own.
void test_a_full_server(void **) {
    silent_session at({.policy = CRYO_DUPLICATE_REPLACE, .max_sessions = 1});
    assert_int_equal(foreign_client(at.server.port, at.same_id("other")).status(), 503);
    assert_int_equal(foreign_client(at.server.port).status(), 503);
    foreign_client other(at.server.port, at.same_id());
    at.expect_takeover_by(other);
}

// While the process stood still a client has tried, given up, and tried again.
void test_an_attempt_that_was_given_up_does_not_take_the_id(void **) {
    live_server server;
    live_server::need(cryo_server_options_set_threads(server.options, 0));
    live_server::need(cryo_server_options_set_duplicate_policy(server.options, CRYO_DUPLICATE_REFUSE));
    server.start();
    const foreign_client::request what;
    asking(server.port, what).close();
    raw_peer second = asking(server.port, what);
    pollfd answer{.fd = second.fd(), .events = POLLIN, .revents = 0};
    while (::poll(&answer, 1, 0) == 0)
        live_server::need(cryo_server_run_once(server.handle, 10));
    assert_string_equal(second.receive(12).c_str(), "HTTP/1.1 101");
}

void test_options(void **) {
    cryo_server_options *options = nullptr;
    live_server::need(cryo_server_options_new(&options));
    for (const std::int32_t policy : {0, 4, -1, INT32_MAX}) {
        assert_int_equal(cryo_server_options_set_duplicate_policy(options, policy), CRYO_ERR_INVALID);
        assert_non_null(std::strstr(cryo_last_error(), "CRYO_DUPLICATE_PROBE"));
    }
    assert_int_equal(cryo_server_options_set_probe_timeout_ms(options, 0), CRYO_ERR_INVALID);
    assert_int_equal(cryo_server_options_set_probe_timeout_ms(options, 1), CRYO_OK);
    cryo_server_options_free(options);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_one_that_does_not_answer_gives_way),
        cmocka_unit_test(test_one_that_shows_life_stays),
        cmocka_unit_test(test_what_was_said_before_is_no_life),
        cmocka_unit_test(test_an_answer_that_is_not_read_is_life),
        cmocka_unit_test(test_another_token_takes_nothing),
        cmocka_unit_test(test_refuse),
        cmocka_unit_test(test_replace),
        cmocka_unit_test(test_the_validator_decides),
        cmocka_unit_test(test_replacing_nobody_is_accepting),
        cmocka_unit_test(test_a_newcomer_that_leaves_changes_nothing),
        cmocka_unit_test(test_several_newcomers),
        cmocka_unit_test(test_a_full_server),
        cmocka_unit_test(test_an_attempt_that_was_given_up_does_not_take_the_id),
        cmocka_unit_test(test_options),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
