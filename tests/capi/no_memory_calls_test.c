// Calls on a server and its sessions, with each allocation of each call failing once (see each_allocation.h).
#include "client_app.h"
#include "each_allocation.h"
#include "failing_new.h"
#include "talk.h"

#include <string.h>

#define LONG_TEXT "a text that is too long to need no memory"

static void on_server(cryo_server *server, void *user) {
    (void)server;
    tally_add(user);
}
static void on_session(cryo_session *session, void *user) {
    (void)session;
    tally_add(user);
}

// --- a session of the server's

typedef struct posts {
    cryo_server *server;
    cryo_session *session;
} posts;

static posts *posts_of(attempt *a) {
    return a->of;
}

// What runs counts like a finalizer: of a call that failed it must not.
static cryo_status post_to_server(attempt *a) {
    return cryo_server_post(posts_of(a)->server, on_server, &a->finalized, NULL);
}
static cryo_status post_to_server_later(attempt *a) {
    return cryo_server_post_after_ms(posts_of(a)->server, 1, on_server, &a->finalized, NULL);
}
static cryo_status post_to_session(attempt *a) {
    return cryo_session_post(posts_of(a)->session, on_session, &a->finalized, NULL);
}
static cryo_status post_to_session_later(attempt *a) {
    return cryo_session_post_after_ms(posts_of(a)->session, 1, on_session, &a->finalized, NULL);
}
static cryo_status pause(attempt *a) {
    return cryo_session_pause_reading(posts_of(a)->session);
}
static cryo_status resume(attempt *a) {
    return cryo_session_resume_reading(posts_of(a)->session);
}
static cryo_status expire(attempt *a) {
    return cryo_session_set_expiry_ms(posts_of(a)->session, 60 * 60 * 1000);
}
static cryo_status send_with(attempt *a) {
    return cryo_session_send_with(posts_of(a)->session, CRYO_UTF8, (const uint8_t *)"with a receipt", 14,
                                  "a key that is long enough", 7);
}
static cryo_status send_to_many(attempt *a) {
    cryo_status its = CRYO_OK; // of the only one of them
    const cryo_status status =
        cryo_sessions_send(&posts_of(a)->session, 1, CRYO_UTF8, (const uint8_t *)"to many", 7, &its, NULL);
    return status != CRYO_OK ? status : its;
}
static cryo_status find(attempt *a) {
    uint8_t id[16];
    cryo_session_id(posts_of(a)->session, id);
    cryo_session *found = NULL;
    const cryo_status status = cryo_server_find_session(posts_of(a)->server, id, &found);
    cryo_session_release(found);
    return status;
}
static cryo_status list(attempt *a) {
    cryo_session *found[2] = {NULL};
    size_t count = 0;
    const cryo_status status = cryo_server_sessions(posts_of(a)->server, found, 2, &count);
    cryo_session_release(found[0]);
    return status;
}
static cryo_status drain(attempt *a) {
    return cryo_server_drain_with(posts_of(a)->server, 60 * 1000, 1000, 4000, LONG_TEXT, 1000);
}

static void what_is_said_to_a_session(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){0});
    posts p = {.server = t.server, .session = t.session};
    attempt a = {.finalized = TALLY_INIT, .of = &p};
    unsigned ran = 0;
    try_each_allocation(&a, "cryo_server_post", post_to_server, 0);
    tally_wait(&a.finalized, ++ran);
    try_each_allocation(&a, "cryo_server_post_after_ms", post_to_server_later, 0);
    tally_wait(&a.finalized, ++ran);
    try_each_allocation(&a, "cryo_session_post", post_to_session, 0);
    tally_wait(&a.finalized, ++ran);
    try_each_allocation(&a, "cryo_session_post_after_ms", post_to_session_later, 0);
    tally_wait(&a.finalized, ++ran);
    try_each_allocation(&a, "cryo_session_pause_reading", pause, 0);
    try_each_allocation(&a, "cryo_session_resume_reading", resume, 0);
    try_each_allocation(&a, "cryo_session_set_expiry_ms", expire, 0);
    try_each_allocation(&a, "cryo_session_send_with", send_with, 0);
    assert_true(peer_hears(&t.client, "with a receipt")); // of all the attempts one
    try_each_allocation(&a, "cryo_sessions_send", send_to_many, 0);
    assert_true(peer_hears(&t.client, "to many"));
    expect_ok(send_text(t.session, "end"));
    assert_true(peer_hears(&t.client, "end"));
    try_each_allocation(&a, "cryo_server_find_session", find, -1);
    try_each_allocation(&a, "cryo_server_sessions", list, -1);
    try_each_allocation(&a, "cryo_server_drain_with", drain, 0);
    assert_int_equal(tally_now(&a.finalized), ran);
    talk_end(&t);
}

// --- tickets

typedef struct door {
    cryo_auth *ticket;
    tally knocks;
} door;

static void leave_alone(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token, (void)len;
    door *const d = user;
    d->ticket = auth;
    tally_add(&d->knocks);
}

static cryo_status set_value(attempt *a) {
    return cryo_auth_set(a->of, LONG_TEXT, &a->finalized, tally_finalizer);
}
static cryo_status set_claim(attempt *a) {
    return cryo_auth_set_claim(a->of, LONG_TEXT, LONG_TEXT);
}
static cryo_status set_expiry(attempt *a) {
    return cryo_auth_set_expiry_ms(a->of, 60 * 60 * 1000);
}
static cryo_status accept_with(attempt *a) {
    return cryo_auth_accept_with(a->of, &a->finalized, tally_finalizer);
}
static cryo_status refuse(attempt *a) {
    return cryo_auth_refuse(a->of, 429, LONG_TEXT, 1000);
}

static void what_a_validator_says(void **state) {
    (void)state;
    door d = {.knocks = TALLY_INIT};
    cryo_server *const server = app_start(&(app){.threads = 1, .on_validate = leave_alone, .user = &d});
    attempt a = ATTEMPT_INIT;
    peer p;
    for (unsigned n = 1; n <= 2; ++n) {
        peer_init(&p);
        peer_dial_with(&p, cryo_server_port(server), TOKEN, "");
        tally_wait(&d.knocks, n);
        a.of = d.ticket;
        if (n == 1) {
            try_each_allocation(&a, "cryo_auth_set", set_value, 0);
            try_each_allocation(&a, "cryo_auth_set_claim", set_claim, 0);
            try_each_allocation(&a, "cryo_auth_set_expiry_ms", set_expiry, -1);
            try_each_allocation(&a, "cryo_auth_accept_with", accept_with, 0);
        } else {
            try_each_allocation(&a, "cryo_auth_refuse", refuse, 0);
        }
        assert_int_equal(peer_answer(&p), n == 1 ? 101 : 429);
        peer_hang_up(&p);
    }
    cryo_server_free(server);
    assert_int_equal(tally_now(&a.finalized), 2);
}

// --- extensions, and sessions to other servers

static void pass(cryo_hook *hook, cryo_session *session, int32_t kind, const uint8_t *data, size_t len,
                 void *user) {
    (void)session, (void)kind, (void)data, (void)len, (void)user;
    cryo_hook_pass(hook);
}

typedef struct guests {
    cryo_server *server;
    cryo_extension *extension;
    cryo_client_options *options;
} guests;

static guests *guests_of(attempt *a) {
    return a->of;
}

static cryo_status new_extension(attempt *a) {
    return cryo_extension_new(LONG_TEXT, &a->finalized, tally_finalizer, (cryo_extension **)&a->made);
}
static cryo_status set_hook(attempt *a) {
    return cryo_extension_set_hook(guests_of(a)->extension, CRYO_ON_RECEIVE, CRYO_UTF8, pass);
}
static cryo_status add_extension(attempt *a) {
    return cryo_server_add_extension(guests_of(a)->server, guests_of(a)->extension);
}
static cryo_status connect_peer(attempt *a) {
    return cryo_server_connect_peer(guests_of(a)->server, guests_of(a)->options, (cryo_session **)&a->made);
}

static void what_a_server_is_given(void **state) {
    (void)state;
    cryo_server *const server = app_start(&(app){.threads = 1});
    guests g = {.server = server, .options = make_options(cryo_server_port(server), NULL)};
    attempt a = {.finalized = TALLY_INIT, .of = &g};
    try_each_allocation(&a, "cryo_extension_new", new_extension, 1);
    g.extension = made(&a);
    try_each_allocation(&a, "cryo_extension_set_hook", set_hook, -1);
    try_each_allocation(&a, "cryo_server_add_extension", add_extension, 0);
    // It is removed also where there is no memory to tell the loops.
    fail_allocation(1);
    const cryo_status removed = cryo_server_remove_extension(server, LONG_TEXT);
    assert_true(allocation_failed());
    fail_allocation(0);
    expect_status(removed, CRYO_OK);
    expect_status(cryo_server_remove_extension(server, LONG_TEXT), CRYO_ERR_NOT_FOUND);
    try_each_allocation(&a, "cryo_server_add_extension (again)", add_extension, 0);
    try_each_allocation(&a, "cryo_server_connect_peer", connect_peer, 5);
    cryo_session_release(made(&a));
    cryo_client_options_free(g.options);
    cryo_extension_free(g.extension);
    assert_int_equal(tally_now(&a.finalized), 0);
    cryo_server_free(server);
    assert_int_equal(tally_now(&a.finalized), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_to_a_session),
        cmocka_unit_test(what_a_validator_says),
        cmocka_unit_test(what_a_server_is_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
