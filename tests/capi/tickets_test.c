// Tickets: settled at once, later, from another thread, twice, by many at once, too late, and never.
#include "talk.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

typedef struct door {
    cryo_server *server;
    cryo_auth *ticket;
    tally tickets;
} door;

static void leave_alone(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token, (void)len;
    door *const d = user;
    d->ticket = auth;
    tally_add(&d->tickets);
}
static void accept_twice(cryo_auth *auth, const char *token, size_t len, void *user) {
    leave_alone(auth, token, len, user);
    expect_ok(cryo_auth_accept(auth));
    expect_status(cryo_auth_accept(auth), CRYO_ERR_STATE);
    expect_status(cryo_auth_reject(auth, "no"), CRYO_ERR_STATE);
}
static void reject_twice(cryo_auth *auth, const char *token, size_t len, void *user) {
    leave_alone(auth, token, len, user);
    expect_ok(cryo_auth_reject(auth, "You are not on the list."));
    expect_status(cryo_auth_reject(auth, "no"), CRYO_ERR_STATE);
    expect_status(cryo_auth_accept(auth), CRYO_ERR_STATE);
}

static void short_time(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_validation_timeout_ms(options, 30));
}

static void door_open(door *d, cryo_validate_fn fn, uint32_t threads, void (*tune)(cryo_server_options *)) {
    static const tally none = TALLY_INIT;
    memset(d, 0, sizeof *d);
    d->tickets = none;
    d->server = app_start(&(app){.threads = threads, .on_validate = fn, .user = d, .tune = tune});
}

static void knock(door *d, peer *p) {
    const unsigned before = tally_now(&d->tickets);
    peer_init(p);
    peer_dial_with(p, cryo_server_port(d->server), TOKEN, "");
    tally_wait(&d->tickets, before + 1);
}

static void expect_settled(cryo_auth *ticket) {
    char text[8];
    expect_status(cryo_auth_accept(ticket), CRYO_ERR_STATE);
    expect_status(cryo_auth_reject(ticket, NULL), CRYO_ERR_STATE);
    expect_status(cryo_auth_token(ticket, text, sizeof text, NULL), CRYO_ERR_STATE);
    expect_status(cryo_auth_path(ticket, text, sizeof text, NULL), CRYO_ERR_STATE);
    assert_null(strstr(cryo_last_error(), TOKEN));
}

static void a_ticket_is_settled_at_once_and_once(void **state) {
    (void)state;
    door d;
    peer p;
    door_open(&d, accept_twice, 1, NULL);
    knock(&d, &p);
    assert_int_equal(peer_answer(&p), 101);
    expect_settled(d.ticket);
    peer_hang_up(&p);
    cryo_server_free(d.server);
    expect_settled(d.ticket);

    door_open(&d, reject_twice, 1, NULL);
    knock(&d, &p);
    assert_int_equal(peer_answer(&p), 401);
    assert_non_null(strstr(p.head, "\r\nWWW-Authenticate: Bearer"));
    assert_non_null(strstr(peer_body(&p), "You are not on the list."));
    peer_hang_up(&p);
    cryo_server_free(d.server);
}

static void a_refusal_says_why(void **state) {
    (void)state;
    static const char *const reasons[][2] = {{NULL, "The token was refused."},
                                             {"", "The token was refused."},
                                             {"Because.", "Because."},
                                             {"Gr\xc3\xbc\xc3\x9f"
                                              "e",
                                              "Gr\xc3\xbc\xc3\x9f"
                                              "e"}};
    door d;
    door_open(&d, leave_alone, 2, NULL);
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; ++i) {
        peer p;
        knock(&d, &p);
        expect_ok(cryo_auth_reject(d.ticket, reasons[i][0]));
        assert_int_equal(peer_answer(&p), 401);
        assert_non_null(strstr(peer_body(&p), reasons[i][1]));
        peer_hang_up(&p);
        expect_settled(d.ticket);
    }
    cryo_server_free(d.server);
}

// Whatever stands in a reason, it stays in the body.
static void a_reason_makes_no_headers(void **state) {
    (void)state;
    door d;
    peer p;
    door_open(&d, leave_alone, 1, NULL);
    knock(&d, &p);
    expect_ok(cryo_auth_reject(d.ticket, "no\r\nSet-Cookie: a=b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"));
    assert_int_equal(peer_answer(&p), 401);
    assert_null(strstr(p.head, "Set-Cookie"));
    const char *const length = strstr(p.head, "Content-Length: ");
    assert_non_null(length);
    char said[32];
    snprintf(said, sizeof said, "%zu\r\n", strlen(peer_body(&p)));
    assert_int_equal(strncmp(length + 16, said, strlen(said)), 0);
    peer_hang_up(&p);
    cryo_server_free(d.server);
}

static void *accept_it(void *argument) {
    expect_ok(cryo_auth_accept(argument));
    return NULL;
}

static void a_ticket_is_settled_later_from_another_thread(void **state) {
    (void)state;
    for (uint32_t threads = 1; threads <= 2; ++threads) {
        door d;
        peer p;
        door_open(&d, leave_alone, threads, NULL);
        knock(&d, &p);
        join(run(accept_it, d.ticket));
        assert_int_equal(peer_answer(&p), 101);
        expect_settled(d.ticket);
        peer_hang_up(&p);
        cryo_server_free(d.server);
    }
}

enum { RIVALS = 8 };
static pthread_barrier_t start_line;
static atomic_uint winners;

static void *race(void *argument) {
    pthread_barrier_wait(&start_line);
    const cryo_status status = cryo_auth_accept(argument);
    if (status == CRYO_OK)
        atomic_fetch_add(&winners, 1);
    else
        expect_status(status, CRYO_ERR_STATE);
    return NULL;
}

static void of_many_one_settles(void **state) {
    (void)state;
    door d;
    door_open(&d, leave_alone, 2, NULL);
    for (int round = 0; round < 25; ++round) {
        peer p;
        knock(&d, &p);
        pthread_barrier_init(&start_line, NULL, RIVALS);
        atomic_store(&winners, 0);
        pthread_t rivals[RIVALS];
        for (int i = 0; i < RIVALS; ++i)
            rivals[i] = run(race, d.ticket);
        for (int i = 0; i < RIVALS; ++i)
            join(rivals[i]);
        pthread_barrier_destroy(&start_line);
        assert_int_equal(atomic_load(&winners), 1);
        assert_int_equal(peer_answer(&p), 101);
        peer_hang_up(&p);
    }
    cryo_server_free(d.server);
}

static void a_ticket_left_alone_is_rejected(void **state) {
    (void)state;
    door d;
    peer p;
    door_open(&d, leave_alone, 1, short_time);
    knock(&d, &p);
    assert_int_equal(peer_answer(&p), 401);
    assert_non_null(strstr(peer_body(&p), "in time"));
    expect_settled(d.ticket);
    peer_hang_up(&p);
    cryo_server_free(d.server);
}

static void of_a_client_that_has_gone_nothing_is_left(void **state) {
    (void)state;
    door d;
    peer p;
    door_open(&d, leave_alone, 1, NULL);
    knock(&d, &p);
    cryo_auth *const ticket = d.ticket;
    peer_reset(&p);
    char text[64];
    while (cryo_auth_token(ticket, text, sizeof text, NULL) == CRYO_OK) // until the server has seen it
        assert_string_equal(text, TOKEN);
    expect_settled(ticket);
    // The place is free for the next one.
    knock(&d, &p);
    expect_ok(cryo_auth_accept(d.ticket));
    assert_int_equal(peer_answer(&p), 101);
    peer_hang_up(&p);
    cryo_server_free(d.server);
}

static void a_ticket_of_a_freed_server_is_settled(void **state) {
    (void)state;
    for (uint32_t threads = 1; threads <= 2; ++threads) {
        door d;
        peer p;
        door_open(&d, leave_alone, threads, NULL);
        knock(&d, &p);
        cryo_server_free(d.server);
        assert_int_equal(peer_answer(&p), 503);
        expect_settled(d.ticket);
        peer_hang_up(&p);
    }
}

static void one_ticket(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_max_pending_validations(options, 1));
}

static void tickets_are_limited(void **state) {
    (void)state;
    door d;
    peer first;
    peer second;
    door_open(&d, leave_alone, 2, one_ticket);
    knock(&d, &first);
    assert_int_equal(peer_connect(&second, cryo_server_port(d.server), TOKEN), 503);
    expect_ok(cryo_auth_accept(d.ticket));
    assert_int_equal(peer_answer(&first), 101);
    peer_hang_up(&first);
    peer_hang_up(&second);
    cryo_server_free(d.server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_is_settled_at_once_and_once),
        cmocka_unit_test(a_refusal_says_why),
        cmocka_unit_test(a_reason_makes_no_headers),
        cmocka_unit_test(a_ticket_is_settled_later_from_another_thread),
        cmocka_unit_test(of_many_one_settles),
        cmocka_unit_test(a_ticket_left_alone_is_rejected),
        cmocka_unit_test(of_a_client_that_has_gone_nothing_is_left),
        cmocka_unit_test(a_ticket_of_a_freed_server_is_settled),
        cmocka_unit_test(tickets_are_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
