// What a validator gives with its answer: the session has it, and its finalizer runs exactly once, whatever
// becomes of the client.
#include "talk.h"

#include <stdio.h>
#include <string.h>

typedef struct hall {
    cryo_server *server;
    cryo_auth *ticket; // the newest
    tally tickets;
    tally sessions;
    tally closings;
    tally reconnections;
    void *seen; // the session's user in its last event
    cryo_session *session;
} hall;

static void keep_ticket(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token, (void)len;
    hall *const h = user;
    h->ticket = auth;
    tally_add(&h->tickets);
}
static void hall_on_session(cryo_session *session, void *user) {
    hall *const h = user;
    if (h->session == NULL) h->session = cryo_session_retain(session);
    h->seen = cryo_session_user(session);
    tally_add(&h->sessions);
}
static void hall_on_reconnected(cryo_session *session, void *user) {
    hall *const h = user;
    h->seen = cryo_session_user(session);
    tally_add(&h->reconnections);
}
static void hall_on_closed(cryo_session *session, int32_t code, const char *reason, void *user) {
    (void)session, (void)code, (void)reason;
    hall *const h = user;
    tally_add(&h->closings);
}

static void hall_open(hall *h, void (*tune)(cryo_server_options *)) {
    static const tally none = TALLY_INIT;
    memset(h, 0, sizeof *h);
    h->tickets = h->sessions = h->closings = h->reconnections = none;
    h->server = app_start(&(app){.threads = 2,
                                 .on_validate = keep_ticket,
                                 .on_session = hall_on_session,
                                 .on_reconnected = hall_on_reconnected,
                                 .on_closed = hall_on_closed,
                                 .user = h,
                                 .tune = tune});
}

static void hall_close(hall *h) {
    cryo_server_free(h->server); // nobody writes the session any more
    cryo_session_release(h->session);
}

static cryo_auth *knock(hall *h, peer *p, const char *token) {
    const unsigned before = tally_now(&h->tickets);
    peer_dial_with(p, cryo_server_port(h->server), token, "");
    tally_wait(&h->tickets, before + 1);
    return h->ticket;
}

static void the_session_has_it_from_the_first_event_on(void **state) {
    (void)state;
    hall h;
    peer p;
    tally user = TALLY_INIT, value = TALLY_INIT, replaced = TALLY_INIT;
    hall_open(&h, NULL);
    peer_init(&p);
    cryo_auth *const ticket = knock(&h, &p, TOKEN);
    expect_ok(cryo_auth_set(ticket, "key", &replaced, tally_finalizer));
    expect_ok(cryo_auth_set(ticket, "key", &value, tally_finalizer));
    assert_int_equal(tally_now(&replaced), 1);
    expect_status(cryo_auth_set(ticket, "", &value, tally_finalizer), CRYO_ERR_INVALID);
    expect_status(cryo_auth_set(ticket, NULL, &value, tally_finalizer), CRYO_ERR_INVALID);
    expect_ok(cryo_auth_set_claim(ticket, "tenant", "example"));
    expect_ok(cryo_auth_set_claim(ticket, "gone", "x"));
    expect_ok(cryo_auth_set_claim(ticket, "gone", NULL));
    expect_status(cryo_auth_set_claim(ticket, "bad", "\xff"), CRYO_ERR_INVALID);
    expect_ok(cryo_auth_accept_with(ticket, &user, tally_finalizer));

    // Whoever comes second keeps what is his.
    tally late = TALLY_INIT;
    expect_status(cryo_auth_accept_with(ticket, &late, tally_finalizer), CRYO_ERR_STATE);
    expect_status(cryo_auth_set(ticket, "late", &late, tally_finalizer), CRYO_ERR_STATE);
    expect_status(cryo_auth_set_claim(ticket, "late", "x"), CRYO_ERR_STATE);
    expect_status(cryo_auth_set_expiry_ms(ticket, 1), CRYO_ERR_STATE);
    expect_status(cryo_auth_refuse(ticket, 403, NULL, 0), CRYO_ERR_STATE);

    assert_int_equal(peer_answer(&p), 101);
    tally_wait(&h.sessions, 1);
    assert_ptr_equal(h.seen, &user);
    assert_ptr_equal(cryo_session_user(h.session), &user);
    void *found = NULL;
    expect_ok(cryo_session_get(h.session, "key", &found));
    assert_ptr_equal(found, &value);
    char text[16];
    size_t len = 0;
    expect_ok(cryo_session_claim(h.session, "tenant", text, sizeof text, &len));
    assert_string_equal(text, "example");
    expect_status(cryo_session_claim(h.session, "tenant", text, 7, &len), CRYO_ERR_BUFFER);
    assert_int_equal(len, 7);
    expect_status(cryo_session_claim(h.session, "gone", text, sizeof text, &len), CRYO_ERR_NOT_FOUND);
    expect_status(cryo_session_claim(h.session, NULL, text, sizeof text, &len), CRYO_ERR_INVALID);

    peer_hang_up(&p);
    tally_wait(&h.closings, 1);
    assert_int_equal(tally_now(&user) + tally_now(&value), 0); // as long as the session is held
    hall_close(&h);
    assert_int_equal(tally_now(&user), 1);
    assert_int_equal(tally_now(&value), 1);
    assert_int_equal(tally_now(&late), 0);
}

static void claims_are_bounded(void **state) {
    (void)state;
    hall h;
    peer p;
    char big[16400];
    hall_open(&h, NULL);
    peer_init(&p);
    cryo_auth *const ticket = knock(&h, &p, TOKEN);
    memset(big, 'x', sizeof big);
    big[16384 - 3 + 1] = '\0';
    expect_status(cryo_auth_set_claim(ticket, "big", big), CRYO_ERR_TOO_BIG);
    big[16384 - 3] = '\0';
    expect_ok(cryo_auth_set_claim(ticket, "big", big));
    expect_ok(cryo_auth_set_claim(ticket, "big", big)); // it replaces itself
    expect_status(cryo_auth_set_claim(ticket, "more", ""), CRYO_ERR_TOO_BIG);
    expect_ok(cryo_auth_set_claim(ticket, "big", NULL));
    expect_ok(cryo_auth_set_claim(ticket, "more", ""));
    expect_ok(cryo_auth_reject(ticket, NULL));
    assert_int_equal(peer_answer(&p), 401);
    peer_hang_up(&p);
    hall_close(&h);
}

static void who_is_refused_all_the_same(void **state) {
    (void)state;
    hall h;
    peer first, second;
    tally user = TALLY_INIT, value = TALLY_INIT, taken = TALLY_INIT;
    hall_open(&h, NULL);
    peer_init(&first);
    peer_init(&second);
    memcpy(second.sid, first.sid, sizeof first.sid); // with another token
    expect_ok(cryo_auth_accept_with(knock(&h, &first, TOKEN), &user, tally_finalizer));
    assert_int_equal(peer_answer(&first), 101);
    cryo_auth *const ticket = knock(&h, &second, "another");
    expect_ok(cryo_auth_set(ticket, "key", &value, tally_finalizer));
    expect_ok(cryo_auth_accept_with(ticket, &taken, tally_finalizer));
    assert_int_equal(peer_answer(&second), 409);
    tally_wait(&taken, 1);
    tally_wait(&value, 1);
    assert_int_equal(tally_now(&user), 0);
    peer_hang_up(&first);
    peer_hang_up(&second);
    hall_close(&h);
    assert_int_equal(tally_now(&taken) + tally_now(&value), 2);
    assert_int_equal(tally_now(&user), 1);
}

static void one_session(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_max_sessions(options, 1));
}

static void who_finds_the_server_full(void **state) {
    (void)state;
    hall h;
    peer first, second;
    tally full = TALLY_INIT;
    hall_open(&h, one_session);
    peer_init(&first);
    peer_init(&second);
    cryo_auth *const in = knock(&h, &first, TOKEN);
    cryo_auth *const out = knock(&h, &second, TOKEN);
    expect_ok(cryo_auth_accept(in));
    assert_int_equal(peer_answer(&first), 101);
    expect_ok(cryo_auth_accept_with(out, &full, tally_finalizer));
    assert_int_equal(peer_answer(&second), 503);
    tally_wait(&full, 1);
    peer_hang_up(&first);
    peer_hang_up(&second);
    hall_close(&h);
    assert_int_equal(tally_now(&full), 1);
}

static void short_time(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_validation_timeout_ms(options, 30));
}

static void what_a_ticket_had_that_is_over(void **state) {
    (void)state;
    hall h;
    peer p;
    tally rejected = TALLY_INIT, late = TALLY_INIT, gone = TALLY_INIT, stopped = TALLY_INIT;
    hall_open(&h, NULL);
    peer_init(&p);
    cryo_auth *ticket = knock(&h, &p, TOKEN);
    expect_ok(cryo_auth_set(ticket, "key", &rejected, tally_finalizer));
    expect_ok(cryo_auth_reject(ticket, NULL));
    assert_int_equal(peer_answer(&p), 401);
    tally_wait(&rejected, 1);
    peer_hang_up(&p);

    // The client goes; an answer that comes in time for it to be an answer has a finalizer nevertheless.
    peer_init(&p);
    ticket = knock(&h, &p, TOKEN);
    expect_ok(cryo_auth_set(ticket, "key", &gone, tally_finalizer));
    peer_reset(&p);
    const cryo_status status = cryo_auth_accept_with(ticket, &late, tally_finalizer);
    assert_true(status == CRYO_OK || status == CRYO_ERR_STATE);
    tally_wait(&gone, 1);
    if (status == CRYO_OK) tally_wait(&late, 1);

    peer_init(&p);
    ticket = knock(&h, &p, TOKEN);
    expect_ok(cryo_auth_set(ticket, "key", &stopped, tally_finalizer));
    hall_close(&h);
    assert_int_equal(tally_now(&stopped), 1);
    expect_status(cryo_auth_accept_with(ticket, &stopped, tally_finalizer), CRYO_ERR_STATE);
    peer_hang_up(&p);
    assert_int_equal(tally_now(&gone), 1);
    assert_int_equal(tally_now(&late), status == CRYO_OK);
    assert_int_equal(tally_now(&stopped), 1);

    hall_open(&h, short_time);
    tally alone = TALLY_INIT;
    peer_init(&p);
    ticket = knock(&h, &p, TOKEN);
    // It may be over already on a machine that is busy.
    if (cryo_auth_set(ticket, "key", &alone, tally_finalizer) != CRYO_OK) tally_add(&alone);
    assert_int_equal(peer_answer(&p), 401);
    tally_wait(&alone, 1);
    peer_hang_up(&p);
    hall_close(&h);
    assert_int_equal(tally_now(&alone), 1);
}

static void with_a_resume_window(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_resume_window_ms(options, 60000));
    expect_ok(cryo_server_options_set_max_sessions_per_address(options, 0));
}

// Who comes back brings what is known of him now; what his ticket does not say stays.
static void a_session_that_goes_on(void **state) {
    (void)state;
    hall h;
    peer p;
    tally first = TALLY_INIT, second = TALLY_INIT, kept = TALLY_INIT, old = TALLY_INIT, fresh = TALLY_INIT;
    hall_open(&h, with_a_resume_window);
    peer_init(&p);
    cryo_auth *ticket = knock(&h, &p, TOKEN);
    expect_ok(cryo_auth_set(ticket, "kept", &kept, tally_finalizer));
    expect_ok(cryo_auth_set(ticket, "new", &old, tally_finalizer));
    expect_ok(cryo_auth_set_claim(ticket, "role", "guest"));
    expect_ok(cryo_auth_set_claim(ticket, "tenant", "example"));
    expect_ok(cryo_auth_accept_with(ticket, &first, tally_finalizer));
    assert_int_equal(peer_answer(&p), 101);
    tally_wait(&h.sessions, 1);

    for (unsigned round = 1; round <= 3; ++round) { // the second one brings nothing
        const peer same = p;
        peer_reset(&p);
        peer_init(&p);
        memcpy(p.sid, same.sid, sizeof p.sid);
        memcpy(p.id, same.id, sizeof p.id);
        ticket = knock(&h, &p, TOKEN);
        if (round == 1) {
            expect_ok(cryo_auth_set(ticket, "new", &fresh, tally_finalizer));
            expect_ok(cryo_auth_set_claim(ticket, "role", "admin"));
            expect_ok(cryo_auth_accept_with(ticket, &second, tally_finalizer));
        } else {
            expect_ok(cryo_auth_accept(ticket));
        }
        assert_int_equal(peer_answer(&p), 101);
        tally_wait(&h.reconnections, round);
        assert_ptr_equal(h.seen, &second);
        assert_int_equal(tally_now(&first), 1);
        assert_int_equal(tally_now(&old), 1);
        void *value = NULL;
        expect_ok(cryo_session_get(h.session, "new", &value));
        assert_ptr_equal(value, &fresh);
        expect_ok(cryo_session_get(h.session, "kept", &value));
        assert_ptr_equal(value, &kept);
        char text[16];
        expect_ok(cryo_session_claim(h.session, "role", text, sizeof text, NULL));
        assert_string_equal(text, "admin");
        expect_ok(cryo_session_claim(h.session, "tenant", text, sizeof text, NULL));
        assert_string_equal(text, "example");
    }
    assert_int_equal(peer_close(&p, 1000, ""), 1000);
    tally_wait(&h.closings, 1);
    peer_hang_up(&p);
    assert_int_equal(tally_now(&second) + tally_now(&kept) + tally_now(&fresh), 0);
    hall_close(&h);
    assert_int_equal(tally_now(&first) + tally_now(&old), 2);
    assert_int_equal(tally_now(&second) + tally_now(&kept) + tally_now(&fresh), 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_session_has_it_from_the_first_event_on),
        cmocka_unit_test(claims_are_bounded),
        cmocka_unit_test(who_is_refused_all_the_same),
        cmocka_unit_test(who_finds_the_server_full),
        cmocka_unit_test(what_a_ticket_had_that_is_over),
        cmocka_unit_test(a_session_that_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
