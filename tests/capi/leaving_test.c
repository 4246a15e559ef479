// Clients that say something and leave at once: what they said arrives, and they learn that it did.
#include "client_app.h"
#include "talk.h"

#include <string.h>

enum { TIMES = 100 };

// Only the answer to its ping, which these clients never give, tells the server that a client listens.
static void wait_long(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_hello_wait_ms(options, 60000));
}
static void greet(cryo_session *session, void *user) {
    expect_ok(send_text(session, "too late for you"));
    talk_on_session(session, user);
}

// Let in, and silent when it is pinged.
static void come(talk *t) {
    peer *const p = &t->client;
    p->auto_pong = false;
    peer_dial_with(p, cryo_server_port(t->server), TOKEN, "");
    assert_int_equal(peer_answer(p), 101);
    assert_true(peer_receive_ws(p));
    assert_int_equal(p->opcode, PEER_WS_PING);
}

static void send_close(peer *p) {
    peer_send_ws(p, PEER_WS_CLOSE,
                 "\x0f\xa0"
                 "bye",
                 5);
    p->close_sent = true;
}

static void before_the_server_told_of_them(void **state) {
    (void)state;
    talk t;
    talk_listen(&t, &(app){.on_session = greet, .tune = wait_long});
    peer *const p = &t.client;
    come(&t);
    peer_send_text(p, "one");
    peer_send_text(p, "two");
    send_close(p);
    for (uint32_t number = 0; number < 2; ++number) {
        assert_true(
            peer_receive(p)); // its acknowledgements, and nothing else, before the answer to its close
        assert_int_equal(p->type, PEER_ACK);
        assert_int_equal(p->number, number);
    }
    assert_false(peer_receive(p));
    assert_int_equal(p->close_code, 4000);
    tally_wait(&t.closings, 1);
    assert_int_equal(tally_now(&t.sessions), 1);
    assert_int_equal(tally_now(&t.messages), 2);
    assert_string_equal(t.last_message, "two");
    assert_int_equal(t.code, 4000);
    assert_string_equal(t.reason, "bye");
    talk_end(&t);
}

static void without_a_word(void **state) {
    (void)state;
    talk t;
    talk_listen(&t, &(app){.tune = wait_long});
    peer *const p = &t.client;
    come(&t);
    send_close(p);
    assert_false(peer_receive(p));
    assert_int_equal(p->close_code, 4000);
    talk_end(&t);
    assert_int_equal(tally_now(&t.sessions) + tally_now(&t.closings), 0);
}

static void leave_in_its_function(cryo_session *session, int32_t kind, const uint8_t *data, size_t len,
                                  void *user) {
    expect_ok(cryo_session_close(session, 4123, "enough"));
    talk_on_message(session, kind, data, len, user);
}
static void and_close_in_the_session_event(cryo_session *session, void *user) {
    expect_ok(cryo_session_close(session, 4124, "not you"));
    talk_on_session(session, user);
}

// Its close comes before the client's, which is there already.
static void the_application_closes_as_well(void **state) {
    (void)state;
    for (int in_session_event = 0; in_session_event < 2; ++in_session_event) {
        talk t;
        app what = {.tune = wait_long};
        if (in_session_event != 0)
            what.on_session = and_close_in_the_session_event;
        else
            what.on_message = leave_in_its_function;
        talk_listen(&t, &what);
        peer *const p = &t.client;
        come(&t);
        peer_send_text(p, "one");
        send_close(p);
        tally_wait(&t.closings, 1);
        assert_int_equal(t.code, in_session_event != 0 ? 4124 : 4123);
        assert_int_equal(tally_now(&t.sessions), 1);
        talk_end(&t);
        assert_int_equal(tally_now(&t.closings), 1);
    }
}

static void say_and_leave(cryo_session *session, void *user) {
    expect_ok(send_text(session, "one"));
    expect_ok(send_text(session, "two"));
    expect_ok(cryo_session_close(session, 4000, "that was all"));
    tally_add(&((diary *)user)->sessions);
}
static void note_lost(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)session, (void)kind, (void)data, (void)len;
    tally_add(&((diary *)user)->lost);
}
static void note_closed(cryo_session *session, int32_t code, const char *reason, void *user) {
    (void)session, (void)reason;
    assert_int_equal(code, 4000);
    tally_add(&((diary *)user)->closings);
}
static void want_cale(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_cale(options, 1));
}

static void our_own_client(bool cale) {
    talk t;
    talk_listen(&t, &(app){.tune = cale ? want_cale : NULL});
    diary d;
    diary_init(&d);
    cryo_events *events = NULL;
    expect_ok(cryo_events_new(&d, NULL, &events));
    expect_ok(cryo_events_on_session(events, say_and_leave));
    expect_ok(cryo_events_on_lost(events, note_lost));
    expect_ok(cryo_events_on_closed(events, note_closed));
    cryo_client_options *const options = make_options(cryo_server_port(t.server), NULL);
    expect_ok(cryo_client_options_set_events(options, events));
    expect_ok(cryo_client_options_set_cale(options, cale));
    for (unsigned i = 1; i <= TIMES; ++i) {
        cryo_client *client = NULL;
        expect_ok(cryo_client_new(options, &client));
        expect_ok(cryo_client_start(client));
        tally_wait(&d.closings, i);
        cryo_client_free(client);
    }
    assert_int_equal(tally_now(&d.lost), 0);
    tally_wait(&t.closings, TIMES);
    assert_int_equal(tally_now(&t.sessions), TIMES);
    assert_int_equal(tally_now(&t.messages), 2 * TIMES);
    cryo_client_options_free(options);
    cryo_events_free(events);
    talk_end(&t);
}

static void nothing_of_our_client_s_is_lost(void **state) {
    (void)state;
    our_own_client(false);
    our_own_client(true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_the_server_told_of_them),
        cmocka_unit_test(without_a_word),
        cmocka_unit_test(the_application_closes_as_well),
        cmocka_unit_test(nothing_of_our_client_s_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
