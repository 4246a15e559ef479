// Sessions whose token is good for a time.
#include "talk.h"

#include <stdio.h>
#include <string.h>

static void expect_expired(talk *t) {
    assert_int_equal(peer_wait_for_close(&t->client), CRYO_CLOSE_CLIENT_ERROR);
    assert_string_equal(t->client.close_reason, "Token expired.");
    tally_wait(&t->closings, 1);
    assert_int_equal(t->code, CRYO_CLOSE_CLIENT_ERROR);
    assert_string_equal(t->reason, "Token expired.");
}

static void a_session_ends_with_its_token(void **state) {
    (void)state;
    static const int64_t times[] = {30, 0, -1, INT64_MIN};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; ++i) {
        talk t;
        talk_start(&t, &(app){.threads = 1});
        const int64_t before = now_ms();
        expect_ok(cryo_session_set_expiry_ms(t.session, times[i]));
        expect_expired(&t);
        assert_true(now_ms() - before >= times[i]);
        expect_status(cryo_session_set_expiry_ms(t.session, 1), CRYO_ERR_CLOSED);
        talk_end(&t);
    }
}

static void it_can_be_put_off(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){.threads = 1, .keepalive_ms = 1000});
    expect_ok(cryo_session_set_expiry_ms(t.session, 300));
    expect_ok(cryo_session_set_expiry_ms(t.session, CRYO_NEVER));
    expect_ok(cryo_session_set_expiry_ms(t.session, CRYO_NEVER - 1));
    tally_wait(&t.stats, 3); // a keep-alive tick has come, and it lives on
    assert_int_equal(cryo_session_is_open(t.session), 1);
    expect_ok(cryo_session_set_expiry_ms(t.session, 1));
    expect_expired(&t);
    talk_end(&t);
}

static void soon(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token, (void)len, (void)user;
    expect_ok(cryo_auth_set_expiry_ms(auth, 3600 * 1000));
    expect_ok(cryo_auth_set_expiry_ms(auth, 60));
    expect_ok(cryo_auth_accept(auth));
}
static void too_late(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token, (void)len, (void)user;
    expect_ok(cryo_auth_set_expiry_ms(auth, -5));
    expect_ok(cryo_auth_accept(auth));
}

static void the_validator_says_how_long(void **state) {
    (void)state;
    talk t;
    talk_listen(&t, &(app){.threads = 1, .on_validate = soon});
    peer_dial_with(&t.client, cryo_server_port(t.server), TOKEN, "");
    assert_int_equal(peer_answer(&t.client), 101);
    tally_wait(&t.sessions, 1);
    expect_expired(&t);
    talk_end(&t);

    talk_listen(&t, &(app){.threads = 1, .on_validate = too_late});
    peer_dial_with(&t.client, cryo_server_port(t.server), TOKEN, "");
    assert_int_equal(peer_answer(&t.client), 401);
    assert_non_null(strstr(peer_body(&t.client), "expired"));
    talk_end(&t);
}

static void with_a_resume_window(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_resume_window_ms(options, 600 * 1000));
}

// Nobody comes back to a session whose token is over.
static void a_session_that_waits_for_its_client_ends_too(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){.threads = 1, .tune = with_a_resume_window});
    peer_reset(&t.client);
    expect_ok(cryo_session_set_expiry_ms(t.session, 30));
    tally_wait(&t.closings, 1);
    assert_int_equal(t.code, CRYO_CLOSE_CLIENT_ERROR);
    assert_string_equal(t.reason, "Token expired.");
    talk_end(&t);
}

typedef struct renewing {
    tally asked;
    tally connected;
    tally closed;
    cryo_session *session;
} renewing;

static void give_token(cryo_token_request *request, void *user) {
    renewing *const r = user;
    tally_add(&r->asked);
    expect_ok(cryo_token_give(request, TOKEN));
}
static void renewing_on_session(cryo_session *session, void *user) {
    (void)session;
    tally_add(&((renewing *)user)->connected);
}
static void renewing_on_closed(cryo_session *session, int32_t code, const char *reason, void *user) {
    (void)session;
    assert_true(code != CRYO_CLOSE_CLIENT_ERROR || strcmp(reason, "Token expired.") == 0);
    tally_add(&((renewing *)user)->closed);
}

static cryo_client *connect_client(renewing *r, uint16_t port, bool provider) {
    cryo_client_options *options = NULL;
    cryo_events *events = NULL;
    cryo_client *client = NULL;
    char url[64];
    snprintf(url, sizeof url, "ws://127.0.0.1:%u", port);
    expect_ok(cryo_events_new(r, NULL, &events));
    expect_ok(cryo_events_on_session(events, renewing_on_session));
    expect_ok(cryo_events_on_reconnected(events, renewing_on_session));
    expect_ok(cryo_events_on_closed(events, renewing_on_closed));
    expect_ok(cryo_client_options_new(&options));
    expect_ok(cryo_client_options_set_url(options, url));
    expect_ok(cryo_client_options_set_reconnect_initial_ms(options, 10));
    expect_ok(cryo_client_options_set_events(options, events));
    if (provider)
        expect_ok(cryo_client_options_set_token_provider(options, give_token, r, NULL));
    else
        expect_ok(cryo_client_options_set_token(options, TOKEN));
    expect_ok(cryo_client_new(options, &client));
    cryo_client_options_free(options);
    cryo_events_free(events);
    expect_ok(cryo_client_start(client));
    return client;
}

static void expire_all(cryo_server *server, size_t count) {
    cryo_session *all[8];
    size_t live = 0;
    expect_ok(cryo_server_sessions(server, all, 8, &live));
    assert_int_equal(live, count);
    for (size_t i = 0; i < live; ++i) {
        expect_ok(cryo_session_set_expiry_ms(all[i], 0));
        cryo_session_release(all[i]);
    }
}

static void a_client_comes_back_with_a_new_token(void **state) {
    (void)state;
    talk t;
    renewing with = {.asked = TALLY_INIT, .connected = TALLY_INIT, .closed = TALLY_INIT};
    renewing without = with;
    talk_listen(&t, &(app){.threads = 1});
    cryo_client *const renewed = connect_client(&with, cryo_server_port(t.server), true);
    tally_wait(&with.connected, 1);
    tally_wait(&t.sessions, 1);
    expect_status(cryo_session_set_expiry_ms(cryo_client_session(renewed), 1), CRYO_ERR_STATE);
    expire_all(t.server, 1);
    tally_wait(&with.connected, 2);
    assert_int_equal(tally_now(&with.asked), 2);
    assert_int_equal(tally_now(&with.closed), 0);
    cryo_client_free(renewed);
    tally_wait(&t.closings, 2);

    cryo_client *const fixed = connect_client(&without, cryo_server_port(t.server), false);
    tally_wait(&without.connected, 1);
    tally_wait(&t.sessions, 3);
    expire_all(t.server, 1);
    tally_wait(&without.closed, 1);
    assert_int_equal(tally_now(&without.connected), 1);
    cryo_client_free(fixed);
    talk_end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_ends_with_its_token),
        cmocka_unit_test(it_can_be_put_off),
        cmocka_unit_test(the_validator_says_how_long),
        cmocka_unit_test(a_session_that_waits_for_its_client_ends_too),
        cmocka_unit_test(a_client_comes_back_with_a_new_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
