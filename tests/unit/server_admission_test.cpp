// Who comes in: session ids that two want, and limits. Over real sockets, with verdicts that come when the
// test says so.
#include "cmocka.hpp"
#include "foreign_client.hpp"
#include "live_server.hpp"
#include "raw_peer.hpp"

using cryo_test::foreign_client;
using cryo_test::live_server;
using cryo_test::raw_peer;

namespace {

const std::string sid = "8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a";

// A client that has asked and does not wait for the answer.
class asking {
  public:
    asking(std::uint16_t port, const std::string &with_sid) : peer_(port) {
        peer_.send("GET /?authorization=Bearer%20t&x-cryo-sid=" + with_sid +
                   " HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    }
    int status() {
        head_ += peer_.receive(12);
        return head_.size() < 12 ? 0 : std::stoi(head_.substr(9, 3));
    }
    std::string all() { return head_ += peer_.receive_all(); }
    void leave() { peer_.close(); }

  private:
    raw_peer peer_;
    std::string head_;
};

struct two_who_want_one_id {
    live_server server;
    cryo_auth *first_ticket = nullptr;
    cryo_auth *second_ticket = nullptr;
    std::optional<asking> first, second;

    two_who_want_one_id() {
        server.hold_tickets = true;
        cryo_server_options_set_duplicate_policy(server.options, CRYO_DUPLICATE_REFUSE);
        server.start();
        first.emplace(server.port, sid);
        first_ticket = server.tickets.get();
        second.emplace(server.port, "8C6A1F0E-2B7D-4E93-A5C4-0F1E2D3C4B5A"); // the same bytes
        second_ticket = server.tickets.get();
    }
};

void test_the_loser_is_told_after_its_token_was_accepted(void **) {
    two_who_want_one_id both;
    assert_int_equal(cryo_auth_accept(both.first_ticket), CRYO_OK);
    assert_int_equal(both.first->status(), 101);
    assert_int_equal(cryo_auth_accept(both.second_ticket), CRYO_OK);
    assert_int_equal(both.second->status(), 409);
}

void test_a_loser_without_a_token_learns_nothing(void **) {
    two_who_want_one_id both;
    assert_int_equal(cryo_auth_accept(both.first_ticket), CRYO_OK);
    assert_int_equal(both.first->status(), 101);
    assert_int_equal(cryo_auth_reject(both.second_ticket, "No."), CRYO_OK);
    assert_int_equal(both.second->status(), 401);
    assert_null(std::strstr(both.second->all().c_str(), "sid"));
}

void test_the_second_gets_it_when_the_first_is_refused(void **) {
    two_who_want_one_id both;
    assert_int_equal(cryo_auth_accept(both.second_ticket), CRYO_OK);
    assert_int_equal(cryo_auth_reject(both.first_ticket, nullptr), CRYO_OK);
    assert_int_equal(both.first->status(), 401);
    assert_int_equal(both.second->status(), 101);
}

void test_the_second_gets_it_when_the_first_goes_away(void **) {
    two_who_want_one_id both;
    assert_int_equal(cryo_auth_accept(both.second_ticket), CRYO_OK);
    both.first->leave();
    assert_int_equal(both.second->status(), 101);
    assert_int_equal(cryo_auth_accept(both.first_ticket), CRYO_ERR_STATE);
}

void test_whoever_reserved_it_wins_also_when_accepted_later(void **) {
    two_who_want_one_id both;
    assert_int_equal(cryo_auth_accept(both.second_ticket), CRYO_OK);
    assert_int_equal(cryo_auth_accept(both.first_ticket), CRYO_OK);
    assert_int_equal(both.first->status(), 101);
    assert_int_equal(both.second->status(), 409);
}

void test_a_live_session_keeps_its_id(void **) {
    live_server server;
    cryo_server_options_set_duplicate_policy(server.options, CRYO_DUPLICATE_REFUSE);
    server.start();
    foreign_client one(server.port, {.sid = sid});
    assert_int_equal(one.status(), 101);
    foreign_client other(server.port, {.sid = sid});
    assert_int_equal(other.status(), 409);
    one.send_text("here");
    assert_string_equal(server.told.get().c_str(), "session");
    assert_string_equal(server.told.get().c_str(), "text here");
    one.close(4000, "");
    assert_string_equal(server.told.get().c_str(), "closed 4000 ");
    foreign_client again(server.port, {.sid = sid}); // free as soon as the close is known
    assert_int_equal(again.status(), 101);
}

void test_a_closing_session_makes_room(void **) {
    live_server server;
    server.keep_sessions = true;
    cryo_server_options_set_close_timeout_ms(server.options, 60'000); // nobody waits for that
    server.start();
    foreign_client one(server.port, {.sid = sid});
    one.send_text("here");
    cryo_session *const old = server.kept.get();
    assert_int_equal(cryo_session_close(old, 4000, "bye"), CRYO_OK);
    foreign_client other(server.port, {.sid = sid});
    assert_int_equal(other.status(), 101);
    other.send_text("there");
    assert_true(server.kept.get() != old);
    const auto seen = one.wait_for_close();
    assert_int_equal(seen.code, 4000);
    assert_string_equal(seen.reason.c_str(), "bye");
}

// --- limits
// -------------------------------------------------------------------------------------------------

void assert_try_later(asking &client) {
    assert_int_equal(client.status(), 503);
    assert_non_null(std::strstr(client.all().c_str(), "Retry-After:"));
}

void test_max_sessions(void **) {
    live_server server;
    cryo_server_options_set_max_sessions(server.options, 1);
    server.start();
    foreign_client one(server.port);
    asking other(server.port, sid);
    assert_try_later(other);
    one.close(1000, "");
    foreign_client again(server.port);
    assert_int_equal(again.status(), 101);
}

void test_max_sessions_counts_no_reservations(void **) {
    live_server server;
    server.hold_tickets = true;
    cryo_server_options_set_max_sessions(server.options, 1);
    server.start();
    asking first(server.port, cryo_test::fresh_sid());
    cryo_auth *const first_ticket = server.tickets.get();
    asking second(server.port, cryo_test::fresh_sid());
    assert_int_equal(cryo_auth_accept(server.tickets.get()), CRYO_OK);
    assert_int_equal(second.status(), 101);
    assert_int_equal(cryo_auth_accept(first_ticket), CRYO_OK);
    assert_try_later(first);
}

void test_max_sessions_per_address(void **) {
    live_server server;
    cryo_server_options_set_max_sessions_per_address(server.options, 1);
    server.start();
    {
        foreign_client one(server.port);
        assert_int_equal(one.status(), 101);
        asking other(server.port, sid);
        assert_try_later(other);
        one.close(1000, "");
    }
    // The connection is counted until it has gone; the other end of it is known here only by trying.
    int status = 503;
    for (int tries = 0; status == 503 && tries < 10'000; ++tries)
        status = foreign_client(server.port).status();
    assert_int_equal(status, 101);
}

void test_max_pending_validations(void **) {
    live_server server;
    server.hold_tickets = true;
    cryo_server_options_set_max_pending_validations(server.options, 1);
    server.start();
    asking first(server.port, cryo_test::fresh_sid());
    cryo_auth *const ticket = server.tickets.get();
    asking second(server.port, cryo_test::fresh_sid());
    assert_try_later(second);
    assert_int_equal(cryo_auth_reject(ticket, nullptr), CRYO_OK);
    assert_int_equal(first.status(), 401);
    asking third(server.port, cryo_test::fresh_sid());
    assert_int_equal(cryo_auth_accept(server.tickets.get()), CRYO_OK);
    assert_int_equal(third.status(), 101);
}

void test_draining(void **) {
    live_server server;
    server.hold_tickets = true;
    server.start();
    asking first(server.port, sid);
    cryo_auth *const ticket = server.tickets.get();
    assert_int_equal(cryo_server_stop(server.handle), CRYO_OK);
    assert_try_later(first);
    assert_int_equal(cryo_auth_accept(ticket), CRYO_ERR_STATE);
    assert_int_equal(cryo_server_wait(server.handle, 20'000), CRYO_OK);
}

void test_a_verdict_that_does_not_come(void **) {
    live_server server;
    server.hold_tickets = true;
    cryo_server_options_set_validation_timeout_ms(server.options, 20);
    server.start();
    asking client(server.port, sid);
    cryo_auth *const ticket = server.tickets.get();
    assert_int_equal(client.status(), 401);
    assert_int_equal(cryo_auth_accept(ticket), CRYO_ERR_STATE);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_the_loser_is_told_after_its_token_was_accepted),
        cmocka_unit_test(test_a_loser_without_a_token_learns_nothing),
        cmocka_unit_test(test_the_second_gets_it_when_the_first_is_refused),
        cmocka_unit_test(test_the_second_gets_it_when_the_first_goes_away),
        cmocka_unit_test(test_whoever_reserved_it_wins_also_when_accepted_later),
        cmocka_unit_test(test_a_live_session_keeps_its_id),
        cmocka_unit_test(test_a_closing_session_makes_room),
        cmocka_unit_test(test_max_sessions),
        cmocka_unit_test(test_max_sessions_counts_no_reservations),
        cmocka_unit_test(test_max_sessions_per_address),
        cmocka_unit_test(test_max_pending_validations),
        cmocka_unit_test(test_draining),
        cmocka_unit_test(test_a_verdict_that_does_not_come),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
