// Stopping and freeing a server: from each callback, from other threads, twice, and with sessions that are
// held.
#include "talk.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

typedef struct life {
    cryo_server *server;
    tally calls;
    tally closings;
    tally finalized;
    cryo_session *held;
    int at; // the callback in which it happens: an event's kind
    bool free_it;
    atomic_bool done;
    atomic_bool freed; // cryo_server_free has returned, outside of callbacks
} life;

static void end_it(life *l, cryo_server *server, int at) {
    assert_false(atomic_load(&l->freed));
    if (l->at != at || atomic_exchange(&l->done, true)) return;
    expect_status(cryo_server_wait(server, -1), CRYO_ERR_STATE);
    if (l->free_it) {
        cryo_server_free(server);
        cryo_server_free(server); // the handle is dead at once
        expect_status(cryo_server_stop(server), CRYO_ERR_HANDLE);
    } else {
        expect_ok(cryo_server_stop(server));
        expect_ok(cryo_server_stop(server));
    }
    tally_add(&l->calls);
}

static void on_listening(cryo_server *server, const char *host, uint16_t port, void *user) {
    life *const l = user;
    assert_string_equal(host, "127.0.0.1");
    assert_int_equal(port, cryo_server_port(server));
    end_it(l, server, CRYO_EVENT_LISTENING);
}
static void on_validate(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token, (void)len;
    life *const l = user;
    if (l->at != CRYO_EVENT_AUTH) expect_ok(cryo_auth_accept(auth));
    end_it(l, l->server, CRYO_EVENT_AUTH);
}
static void on_session(cryo_session *session, void *user) {
    life *const l = user;
    if (l->held == NULL) l->held = cryo_session_retain(session);
    end_it(l, l->server, CRYO_EVENT_SESSION);
}
static void on_message(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)session, (void)kind, (void)data, (void)len;
    end_it(user, ((life *)user)->server, CRYO_EVENT_MESSAGE);
}
static void on_closed(cryo_session *session, int32_t code, const char *reason, void *user) {
    (void)session, (void)code, (void)reason;
    life *const l = user;
    end_it(l, l->server, CRYO_EVENT_CLOSED);
    tally_add(&l->closings);
}
static void on_stat(cryo_session *session, int32_t stat, double value, void *user) {
    (void)session, (void)stat, (void)value;
    end_it(user, ((life *)user)->server, CRYO_EVENT_STAT);
}

static void finalize_life(void *user) {
    tally_add(&((life *)user)->finalized);
}

static void *be_a_client(void *argument) {
    life *const l = argument;
    peer p;
    const int status = peer_connect(&p, cryo_server_port(l->server), TOKEN);
    if (status == 101) {
        peer_send_text(&p, "hello");
        if (l->at == CRYO_EVENT_CLOSED)
            peer_close(&p, 4000, "");
        else
            peer_wait_for_close(&p);
    } else if (l->at != CRYO_EVENT_LISTENING) {
        assert_int_equal(status, 503); // the validator's client: the server is shutting down
    }
    peer_hang_up(&p);
    return NULL;
}

static void end_inside(uint32_t threads, int at, bool free_it) {
    life l = {
        .calls = TALLY_INIT, .closings = TALLY_INIT, .finalized = TALLY_INIT, .at = at, .free_it = free_it};
    cryo_server_options *const options = app_options(&(app){.threads = threads,
                                                            .on_validate = on_validate,
                                                            .on_listening = on_listening,
                                                            .on_session = on_session,
                                                            .on_message = on_message,
                                                            .on_closed = on_closed,
                                                            .on_stat = on_stat,
                                                            .user = &l,
                                                            .keepalive_ms = 250});
    // Finalized when nothing of the server can run any more: what an application waits for after a free
    // inside.
    expect_ok(cryo_server_options_set_validator(options, on_validate, &l, finalize_life));
    expect_ok(cryo_server_new(options, &l.server));
    cryo_server_options_free(options);
    cryo_server *const server = l.server;
    expect_ok(cryo_server_start(server));
    pthread_t client = 0;
    if (at != CRYO_EVENT_LISTENING) client = run(be_a_client, &l);
    if (threads == 0) {
        cryo_status status = CRYO_OK;
        while (status == CRYO_OK)
            status = cryo_server_run_once(server, -1);
        expect_status(status, CRYO_ERR_CLOSED);
        if (free_it) expect_status(cryo_server_run_once(server, -1), CRYO_ERR_HANDLE);
    }
    tally_wait(&l.calls, 1);
    if (client != 0) join(client);
    if (!free_it) {
        if (threads > 0) expect_ok(cryo_server_wait(server, -1));
        cryo_server_free(server);
        atomic_store(&l.freed, true);
    }
    if (at != CRYO_EVENT_LISTENING && at != CRYO_EVENT_AUTH) {
        tally_wait(&l.closings, 1);
        expect_status(send_text(l.held, "x"), CRYO_ERR_CLOSED);
    }
    cryo_session_release(l.held);
    tally_wait(&l.finalized, 1);
    assert_int_equal(tally_now(&l.calls), 1);
}

static void a_callback_may_end_the_server(void **state) {
    (void)state;
    for (uint32_t threads = 0; threads <= 2; ++threads)
        for (int at = CRYO_EVENT_LISTENING; at <= CRYO_EVENT_STAT; ++at)
            for (int free_it = 0; free_it < 2; ++free_it)
                end_inside(threads, at, free_it != 0);
}

// ---- free from outside ----

static atomic_bool gone;
static atomic_uint called;

static void note(void) {
    assert_false(atomic_load(&gone));
    atomic_fetch_add(&called, 1);
}
static void note_session(cryo_session *session, void *user) {
    (void)user;
    for (int i = 0; i < 10; ++i)
        send_text(session, "hello");
    note();
}
static void note_message(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)user;
    cryo_session_send(session, kind, data, len);
    note();
}
static void note_closed(cryo_session *session, int32_t code, const char *reason, void *user) {
    (void)session, (void)code, (void)reason, (void)user;
    note();
}
static void note_validate(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token, (void)len, (void)user;
    cryo_auth_accept(auth);
    note();
}

static void *chatter(void *argument) {
    peer p;
    if (peer_connect(&p, *(uint16_t *)argument, TOKEN) == 101) {
        peer_send_text(&p, "again");
        while (peer_receive(&p))
            if (p.type == PEER_UTF8) peer_send_text(&p, "again");
        if (p.close_code != 1006) peer_send_ws(&p, PEER_WS_CLOSE, p.payload, p.payload_len);
    }
    peer_hang_up(&p);
    return NULL;
}

static void nothing_runs_after_free(void **state) {
    (void)state;
    for (int round = 0; round < 60; ++round) {
        const uint32_t threads = (uint32_t)round % 3;
        tally finalized = TALLY_INIT;
        atomic_store(&gone, false);
        atomic_store(&called, 0);
        cryo_server_options *const options = app_options(&(app){.threads = threads,
                                                                .on_session = note_session,
                                                                .on_message = note_message,
                                                                .on_closed = note_closed});
        expect_ok(cryo_server_options_set_validator(options, note_validate, &finalized, tally_finalizer));
        cryo_server *server = NULL;
        expect_ok(cryo_server_new(options, &server));
        cryo_server_options_free(options);
        expect_ok(cryo_server_start(server));
        uint16_t port = cryo_server_port(server);
        pump p;
        if (threads == 0) pump_start(&p, server);
        pthread_t clients[3];
        for (int i = 0; i < 3; ++i)
            clients[i] = run(chatter, &port);
        while (atomic_load(&called) < (unsigned)(round % 7) * 10)
            sched_yield();
        cryo_server_free(server);
        atomic_store(&gone, true);
        if (threads > 0) assert_int_equal(tally_now(&finalized), 1);
        if (threads == 0) pump_join(&p);
        tally_wait(&finalized, 1);
        for (int i = 0; i < 3; ++i)
            join(clients[i]);
        assert_int_equal(tally_now(&finalized), 1);
    }
}

static void free_twice_and_of_what_never_ran(void **state) {
    (void)state;
    cryo_server_free(NULL);
    cryo_server *server = app_new(&(app){.threads = 2});
    assert_int_equal(cryo_server_port(server), 0);
    expect_status(cryo_server_stop(server), CRYO_ERR_STATE);
    expect_status(cryo_server_wait(server, 0), CRYO_ERR_STATE);
    cryo_server_free(server);
    cryo_server_free(server);
    server = app_start(&(app){.threads = 2});
    expect_status(cryo_server_start(server), CRYO_ERR_STATE);
    expect_status(cryo_server_wait(server, 0), CRYO_ERR_TIMEOUT);
    expect_status(cryo_server_wait(server, 10), CRYO_ERR_TIMEOUT);
    expect_status(cryo_server_wait(server, -2), CRYO_ERR_INVALID);
    expect_ok(cryo_server_stop(server));
    expect_ok(cryo_server_wait(server, -1));
    expect_ok(cryo_server_wait(server, 0));
    expect_ok(cryo_server_stop(server));
    expect_status(cryo_server_start(server), CRYO_ERR_STATE);
    cryo_server_free(server);
    cryo_server_free(server);
    server = app_start(&(app){.threads = 0}); // and never run
    cryo_server_free(server);
}

static void *free_it(void *argument) {
    cryo_server_free(argument);
    return NULL;
}

static void two_threads_may_free_at_once(void **state) {
    (void)state;
    for (int i = 0; i < 20; ++i) {
        cryo_server *const server = app_start(&(app){.threads = (uint32_t)i % 3});
        const pthread_t one = run(free_it, server);
        const pthread_t two = run(free_it, server);
        join(one);
        join(two);
        expect_status(cryo_server_stop(server), CRYO_ERR_HANDLE);
    }
}

static void stop_says_goodbye_after_what_was_sent(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){0});
    for (int i = 0; i < 100; ++i)
        expect_ok(send_text(t.session, "before"));
    expect_ok(cryo_server_stop(t.server));
    for (int i = 0; i < 100; ++i)
        assert_true(peer_hears(&t.client, "before"));
    assert_int_equal(peer_wait_for_close(&t.client), 4000);
    assert_string_equal(t.client.close_reason, "Server shutdown.");
    expect_ok(cryo_server_wait(t.server, -1));
    assert_int_equal(tally_now(&t.closings), 1); // its last callback has returned
    assert_int_equal(t.code, 4000);
    assert_string_equal(t.reason, "Server shutdown.");
    peer late;
    assert_int_not_equal(peer_connect(&late, cryo_server_port(t.server), TOKEN), 101);
    peer_hang_up(&late);
    talk_end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_callback_may_end_the_server),
        cmocka_unit_test(nothing_runs_after_free),
        cmocka_unit_test(free_twice_and_of_what_never_ran),
        cmocka_unit_test(two_threads_may_free_at_once),
        cmocka_unit_test(stop_says_goodbye_after_what_was_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
