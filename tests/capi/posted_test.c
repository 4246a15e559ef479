// Functions that run on a server's or a session's thread: once, or dropped, and the finalizer says so.
#include "talk.h"

#include <string.h>

typedef struct job {
    tally ran;
    tally over;
    tally *order; // of all jobs
    unsigned place;
    pthread_t where;
    cryo_server *server;
    cryo_session *session;
} job;

static const job fresh = {.ran = TALLY_INIT, .over = TALLY_INIT};

static void note(job *j) {
    j->where = pthread_self();
    if (j->order != NULL) {
        j->place = tally_now(j->order);
        tally_add(j->order);
    }
    assert_int_equal(tally_now(&j->over), 0);
    tally_add(&j->ran);
}
static void on_server(cryo_server *server, void *user) {
    job *const j = user;
    j->server = server;
    note(j);
}
static void on_session(cryo_session *session, void *user) {
    job *const j = user;
    j->session = session;
    note(j);
}
static void is_over(void *user) {
    tally_add(&((job *)user)->over);
}
static void expect_ran(job *j) {
    tally_wait(&j->over, 1);
    assert_int_equal(tally_now(&j->ran), 1);
}

static void they_run_in_order_on_the_thread(void **state) {
    (void)state;
    enum { JOBS = 20 };
    talk t;
    job jobs[JOBS];
    tally order = TALLY_INIT;
    talk_start(&t, &(app){.threads = 3});
    for (unsigned i = 0; i < JOBS; ++i) {
        jobs[i] = fresh;
        jobs[i].order = &order;
        if (i < JOBS / 2)
            expect_ok(cryo_server_post(t.server, on_server, &jobs[i], is_over));
        else
            expect_ok(cryo_session_post(t.session, on_session, &jobs[i], is_over));
        if (i == JOBS / 2 - 1) tally_wait(&order, JOBS / 2);
    }
    for (unsigned i = 0; i < JOBS; ++i) {
        expect_ran(&jobs[i]);
        assert_int_equal(jobs[i].place, i);
        assert_false(pthread_equal(jobs[i].where, pthread_self()));
        assert_true(pthread_equal(jobs[i].where, jobs[i < JOBS / 2 ? 0 : JOBS / 2].where));
        assert_true(i < JOBS / 2 ? jobs[i].server == t.server : jobs[i].session == t.session);
    }
    talk_end(&t);
}

static void they_run_after_a_time(void **state) {
    (void)state;
    talk t;
    job late = fresh, early = fresh, at_once = fresh;
    tally order = TALLY_INIT;
    late.order = early.order = at_once.order = &order;
    talk_start(&t, &(app){.threads = 1});
    const int64_t begin = now_ms();
    expect_ok(cryo_session_post_after_ms(t.session, 400, on_session, &late, is_over));
    expect_ok(cryo_server_post_after_ms(t.server, 50, on_server, &early, is_over));
    expect_ok(cryo_server_post_after_ms(t.server, 0, on_server, &at_once, is_over));
    expect_ran(&late);
    assert_true(now_ms() - begin >= 399);
    expect_ran(&early);
    expect_ran(&at_once);
    assert_int_equal(at_once.place, 0);
    assert_int_equal(early.place, 1);
    talk_end(&t);
}

static void what_a_server_does_not_run_is_dropped(void **state) {
    (void)state;
    talk t;
    job never = fresh, of_session = fresh, kept = fresh;
    cryo_server *const idle = app_new(&(app){.threads = 1});
    expect_status(cryo_server_post(idle, on_server, &kept, is_over), CRYO_ERR_STATE);
    expect_status(cryo_server_post_after_ms(idle, 1, on_server, &kept, is_over), CRYO_ERR_STATE);
    cryo_server_free(idle);

    talk_start(&t, &(app){.threads = 2});
    expect_status(cryo_server_post(t.server, NULL, &kept, is_over), CRYO_ERR_INVALID);
    expect_status(cryo_session_post(t.session, NULL, &kept, is_over), CRYO_ERR_INVALID);
    expect_ok(cryo_server_post_after_ms(t.server, UINT32_MAX, on_server, &never, is_over));
    expect_ok(cryo_session_post_after_ms(t.session, UINT32_MAX, on_session, &of_session, is_over));
    expect_ok(cryo_server_stop(t.server));
    expect_status(cryo_server_post(t.server, on_server, &kept, is_over), CRYO_ERR_CLOSED);
    tally_wait(&never.over, 1);
    peer_wait_for_close(&t.client);
    tally_wait(&t.closings, 1);
    tally_wait(&of_session.over, 1);
    expect_status(cryo_session_post(t.session, on_session, &kept, is_over), CRYO_ERR_CLOSED);
    expect_status(cryo_session_post_after_ms(t.session, 1, on_session, &kept, is_over), CRYO_ERR_CLOSED);
    talk_end(&t);
    assert_int_equal(tally_now(&never.ran) + tally_now(&of_session.ran), 0);
    assert_int_equal(tally_now(&never.over) + tally_now(&of_session.over), 2);
    assert_int_equal(tally_now(&kept.ran) + tally_now(&kept.over), 0);
}

static void with_a_resume_window(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_resume_window_ms(options, 600 * 1000));
}
static tally reconnections = TALLY_INIT;
static void note_reconnection(cryo_session *session, void *user) {
    (void)session, (void)user;
    tally_add(&reconnections);
}

// Also where the session waits for its client, and on the loop on which it goes on.
static void they_go_with_the_session(void **state) {
    (void)state;
    enum { ROUNDS = 6 };
    talk t;
    job away = fresh, jobs[ROUNDS], never = fresh;
    talk_start(&t, &(app){.threads = 4, .tune = with_a_resume_window, .on_reconnected = note_reconnection});
    expect_ok(cryo_session_post_after_ms(t.session, 600 * 1000, on_session, &never, is_over));
    for (unsigned round = 1; round <= ROUNDS; ++round) {
        jobs[round - 1] = fresh;
        expect_ok(cryo_session_post_after_ms(t.session, 20 * round, on_session, &jobs[round - 1], is_over));
        peer again;
        peer_init(&again);
        memcpy(again.sid, t.client.sid, sizeof again.sid);
        memcpy(again.id, t.client.id, sizeof again.id);
        peer_reset(&t.client);
        if (round == 1) {
            expect_ok(cryo_session_post(t.session, on_session, &away, is_over));
            expect_ran(&away);
        }
        t.client = again;
        peer_dial_with(&t.client, cryo_server_port(t.server), TOKEN, "");
        assert_int_equal(peer_answer(&t.client), 101);
        tally_wait(&reconnections, round);
    }
    for (unsigned i = 0; i < ROUNDS; ++i)
        expect_ran(&jobs[i]);
    talk_end(&t);
    assert_int_equal(tally_now(&never.ran), 0);
    assert_int_equal(tally_now(&never.over), 1);
}

typedef struct chain {
    tally ran;
    cryo_server *server;
    unsigned left;
} chain;

static void again(cryo_server *server, void *user) {
    chain *const c = user;
    tally_add(&c->ran);
    if (--c->left > 0) expect_ok(cryo_server_post_after_ms(server, 1, again, user, NULL));
}
static void post_more(void *user) {
    chain *const c = user;
    cryo_server_post_after_ms(c->server, 1, again, user, NULL); // too late
    tally_add(&c->ran);
}

static void a_function_may_post_the_next(void **state) {
    (void)state;
    cryo_server *const server = app_start(&(app){.threads = 0});
    chain c = {.ran = TALLY_INIT, .server = server, .left = 10};
    chain last = {.ran = TALLY_INIT, .server = server, .left = 1};
    expect_ok(cryo_server_post(server, again, &c, NULL));
    while (tally_now(&c.ran) < 10)
        expect_ok(cryo_server_run_once(server, 1000));
    expect_ok(cryo_server_post_after_ms(server, 600 * 1000, again, &last, post_more));
    expect_ok(cryo_server_run_once(server, 0));
    cryo_server_free(server);
    assert_int_equal(tally_now(&last.ran), 1);
}

static void *post_many(void *argument) {
    talk *const t = argument;
    for (int i = 0; i < 500; ++i)
        (void)cryo_session_post(t->session, talk_on_session, t, NULL);
    return NULL;
}

static void from_many_threads_until_the_end(void **state) {
    (void)state;
    enum { THREADS = 3, JOBS = 200 };
    static job jobs[JOBS];
    talk t;
    pthread_t threads[THREADS];
    talk_start(&t, &(app){.threads = 2});
    for (int i = 0; i < THREADS; ++i)
        threads[i] = run(post_many, &t);
    unsigned given = 0;
    for (int i = 0; i < JOBS; ++i) {
        jobs[i] = fresh;
        if (i == JOBS / 2) expect_ok(cryo_session_close(t.session, CRYO_CLOSE_GRACEFUL, NULL));
        const cryo_status status = cryo_session_post(t.session, on_session, &jobs[i], is_over);
        assert_true(status == CRYO_OK || status == CRYO_ERR_CLOSED);
        given += status == CRYO_OK;
    }
    for (int i = 0; i < THREADS; ++i)
        join(threads[i]);
    talk_end(&t);
    unsigned over = 0;
    for (int i = 0; i < JOBS; ++i)
        over += tally_now(&jobs[i].over);
    assert_int_equal(over, given);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_run_in_order_on_the_thread),
        cmocka_unit_test(they_run_after_a_time),
        cmocka_unit_test(what_a_server_does_not_run_is_dropped),
        cmocka_unit_test(they_go_with_the_session),
        cmocka_unit_test(a_function_may_post_the_next),
        cmocka_unit_test(from_many_threads_until_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
