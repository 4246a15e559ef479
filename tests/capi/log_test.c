// Where the log goes, what gets into it, and what never does: a token.
#include "talk.h"
#include "throwing.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct sink {
    int32_t most; // the level that it was set with
    atomic_uint lines;
    atomic_uint forbidden; // lines above that level
    atomic_uint at_once;
    atomic_bool dead;
    char last[256];
    char *all; // for those that keep everything
    size_t all_len;
} sink;

static void keep_line(int32_t level, const char *message, void *user) {
    sink *const s = user;
    if (atomic_fetch_add(&s->at_once, 1) != 0 || atomic_load(&s->dead)) abort();
    if (level > s->most || level < CRYO_LOG_ERROR) atomic_fetch_add(&s->forbidden, 1);
    if (strchr(message, '\n') != NULL) abort();
    snprintf(s->last, sizeof s->last, "%s", message);
    if (s->all != NULL) {
        const size_t size = strlen(message);
        s->all = realloc(s->all, s->all_len + size + 2);
        memcpy(s->all + s->all_len, message, size);
        memcpy(s->all + s->all_len + size, "\n", 2);
        s->all_len += size + 1;
    }
    atomic_fetch_add(&s->lines, 1);
    atomic_fetch_sub(&s->at_once, 1);
}

static void kill_sink(void *user) {
    atomic_store(&((sink *)user)->dead, true);
}

// Makes the library log an error on this thread.
static void make_a_line(const char *text) {
    cryo_events *events = NULL;
    expect_ok(cryo_events_new((void *)(uintptr_t)text, throw_it, &events)); // NOLINT: only read
    cryo_events_free(events);
}

static void a_function_gets_the_lines_of_its_level(void **state) {
    (void)state;
    sink s = {.most = CRYO_LOG_ERROR};
    expect_ok(cryo_set_log(CRYO_LOG_ERROR, keep_line, &s, kill_sink));
    make_a_line("one\r\ntwo");
    assert_int_equal(s.lines, 1);
    assert_non_null(strstr(s.last, "finalizer"));
    assert_non_null(strstr(s.last, "one??two")); // one line, whatever somebody puts into it
    expect_status(cryo_set_log(CRYO_LOG_DEBUG + 1, keep_line, &s, kill_sink), CRYO_ERR_INVALID);
    expect_status(cryo_set_log(-1, keep_line, &s, kill_sink), CRYO_ERR_INVALID);
    assert_false(atomic_load(&s.dead)); // a failed call has changed nothing
    make_a_line("three");
    assert_int_equal(s.lines, 2);
    sink silent = {.most = CRYO_LOG_OFF};
    expect_ok(cryo_set_log(CRYO_LOG_OFF, keep_line, &silent, kill_sink));
    assert_true(atomic_load(&s.dead));
    make_a_line("four");
    assert_int_equal(s.lines, 2);
    assert_int_equal(silent.lines, 0);
    tally finalized = TALLY_INIT;
    expect_ok(cryo_set_log(CRYO_LOG_WARNING, NULL, &finalized, tally_finalizer));
    assert_true(atomic_load(&silent.dead));
    expect_ok(cryo_set_log(CRYO_LOG_WARNING, NULL, NULL, NULL));
    assert_int_equal(tally_now(&finalized), 1);
}

static void log_inside(int32_t level, const char *message, void *user) {
    (void)level, (void)message;
    make_a_line("from inside");
    expect_status(cryo_set_log(CRYO_LOG_WARNING, NULL, NULL, NULL), CRYO_ERR_STATE);
    atomic_fetch_add(&((sink *)user)->lines, 1);
}

static void a_function_may_call_what_logs(void **state) {
    (void)state;
    sink s = {.most = CRYO_LOG_DEBUG};
    expect_ok(cryo_set_log(CRYO_LOG_DEBUG, log_inside, &s, NULL));
    make_a_line("from outside");
    assert_int_equal(s.lines, 1);
    make_a_line("again");
    assert_int_equal(s.lines, 2);
    expect_ok(cryo_set_log(CRYO_LOG_WARNING, NULL, NULL, NULL));
}

static atomic_bool enough;

static void *make_lines(void *unused) {
    (void)unused;
    while (!atomic_load(&enough))
        make_a_line("line");
    return NULL;
}

static void the_log_moves_while_others_write(void **state) {
    (void)state;
    enum { MOVES = 2000 };
    atomic_store(&enough, false);
    sink *const sinks = calloc(MOVES, sizeof *sinks);
    expect_ok(cryo_set_log(CRYO_LOG_OFF, NULL, NULL, NULL));
    const pthread_t writers[2] = {run(make_lines, NULL), run(make_lines, NULL)};
    unsigned lines = 0;
    for (int i = 0; i < MOVES || lines == 0; ++i) {
        sink *const s = &sinks[i % MOVES];
        memset(s, 0, sizeof *s);
        s->most = i % 2 == 0 ? CRYO_LOG_ERROR : CRYO_LOG_OFF;
        expect_ok(cryo_set_log(s->most, keep_line, s, kill_sink));
        // keep_line aborts when it is called for a sink that has been replaced.
        if (i > 0) lines += atomic_load(&sinks[(i - 1) % MOVES].lines);
        if (i > 0) assert_true(atomic_load(&sinks[(i - 1) % MOVES].dead));
        assert_int_equal(atomic_load(&s->forbidden), 0);
    }
    expect_ok(cryo_set_log(CRYO_LOG_OFF, NULL, NULL, NULL));
    atomic_store(&enough, true);
    join(writers[0]);
    join(writers[1]);
    for (int i = 0; i < MOVES; ++i)
        assert_int_equal(atomic_load(&sinks[i].forbidden), 0);
    free(sinks);
    expect_ok(cryo_set_log(CRYO_LOG_WARNING, NULL, NULL, NULL));
}

// ---- no token ----

static void decide(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)user;
    char small[2];
    // Each of these may be tempted to show it.
    if (cryo_auth_token(auth, small, sizeof small, NULL) != CRYO_ERR_BUFFER) abort();
    if (strstr(cryo_last_error(), TOKEN) != NULL) abort();
    if (cryo_auth_parameter(auth, TOKEN, small, sizeof small, NULL) != CRYO_ERR_NOT_FOUND) abort();
    if (strstr(cryo_last_error(), TOKEN) != NULL) abort();
    if (len == strlen(TOKEN) && memcmp(token, TOKEN, len) == 0)
        cryo_auth_accept(auth);
    else
        cryo_auth_reject(auth, NULL);
    if (cryo_auth_token(auth, small, sizeof small, NULL) != CRYO_ERR_STATE) abort();
    if (strstr(cryo_last_error(), TOKEN) != NULL) abort();
}

static void refuse_duplicates(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_duplicate_policy(options, CRYO_DUPLICATE_REFUSE));
}

static void a_token_is_in_no_line_and_no_text(void **state) {
    (void)state;
    sink s = {.most = CRYO_LOG_DEBUG, .all = calloc(1, 1)};
    expect_ok(cryo_set_log(CRYO_LOG_DEBUG, keep_line, &s, NULL));
    talk t;
    talk_listen(&t, &(app){.on_validate = decide, .tune = refuse_duplicates});
    make_a_line("the log works");
    const uint16_t port = cryo_server_port(t.server);
    static const char *const targets[] = {
        "/?authorization=Bearer%%20" TOKEN,                      // no sid
        "/?authorization=Bearer%%20" TOKEN "&x-cryo-sid=none",   // no UUID
        "/?authorization=Basic%%20" TOKEN "&x-cryo-sid=%s",      // not Bearer
        "/?authorization=" TOKEN "&x-cryo-sid=%s",               // not Bearer
        "/?authorization=Bearer%%20not-" TOKEN "&x-cryo-sid=%s", // refused
        "/?authorization=Bearer%%20%%zz" TOKEN "&x-cryo-sid=%s", // malformed
        "/" TOKEN "?token=" TOKEN "&x-cryo-sid=%s",              // none
        "/?authorization=Bearer%%20" TOKEN "&authorization=Bearer%%20" TOKEN "&x-cryo-sid=%s",
    };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; ++i) {
        peer p;
        peer_init(&p);
        char target[512];
        snprintf(target, sizeof target, targets[i], p.sid);
        peer_dial(&p, port, target);
        const int status = peer_answer(&p);
        assert_true(status == 101 || (status >= 400 && status < 500));
        assert_null(strstr(p.head, TOKEN));
        if (status != 101) assert_null(strstr(peer_body(&p), TOKEN));
        peer_hang_up(&p);
    }
    peer twin;
    assert_int_equal(peer_connect(&t.client, port, TOKEN), 101);
    tally_wait(&t.sessions, 1);
    peer_init(&twin);
    memcpy(twin.sid, t.client.sid, sizeof twin.sid);
    peer_dial_with(&twin, port, TOKEN, "");
    assert_int_equal(peer_answer(&twin), 409);
    assert_null(strstr(peer_body(&twin), TOKEN));
    peer_hang_up(&twin);
    // A request that is none, and a session that breaks a rule.
    peer_init(&twin);
    peer_dial(&twin, port, "/ " TOKEN);
    peer_answer(&twin);
    assert_null(strstr(twin.head, TOKEN));
    peer_hang_up(&twin);
    peer_send_ws(&t.client, PEER_WS_TEXT, TOKEN, strlen(TOKEN));
    assert_int_equal(peer_wait_for_close(&t.client), 1003);
    assert_null(strstr(t.client.close_reason, TOKEN));
    talk_end(&t);
    expect_ok(cryo_set_log(CRYO_LOG_WARNING, NULL, NULL, NULL));
    assert_non_null(strstr(s.all, "the log works"));
    assert_null(strstr(s.all, TOKEN));
    free(s.all);
}

// ---- exceptions ----

static void validate_or_throw(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)user;
    if (len == strlen(TOKEN) && memcmp(token, TOKEN, len) == 0)
        cryo_auth_accept(auth);
    else
        throw_it(NULL);
}
static void throw_at_message(cryo_session *session, int32_t kind, const uint8_t *data, size_t len,
                             void *user) {
    talk_on_message(session, kind, data, len, user);
    throw_it(NULL);
}
static void throw_at_session(cryo_session *session, void *user) {
    talk_on_session(session, user);
    throw_it(NULL);
}
static void throw_at_closed(cryo_session *session, int32_t code, const char *reason, void *user) {
    talk_on_closed(session, code, reason, user);
    throw_it(NULL);
}
static void throw_at_visit(void *value, void *user) {
    (void)value, (void)user;
    throw_it(NULL);
}

static void an_exception_is_logged_and_ends_nothing(void **state) {
    (void)state;
    sink s = {.most = CRYO_LOG_ERROR};
    expect_ok(cryo_set_log(CRYO_LOG_ERROR, keep_line, &s, NULL));
    talk t;
    talk_start(&t, &(app){.on_validate = validate_or_throw,
                          .on_session = throw_at_session,
                          .on_message = throw_at_message,
                          .on_closed = throw_at_closed});
    peer stranger;
    assert_int_equal(peer_connect(&stranger, cryo_server_port(t.server), "stranger"),
                     401); // it lets nobody in
    peer_hang_up(&stranger);
    for (unsigned i = 1; i <= 3; ++i) {
        peer_send_text(&t.client, "x");
        tally_wait(&t.messages, i);
    }
    expect_ok(cryo_session_visit(t.session, "key", throw_at_visit, NULL));
    expect_ok(cryo_session_set(t.session, "key", &t, NULL)); // the visit is over
    assert_int_equal(peer_close(&t.client, 4000, ""), 4000);
    tally_wait(&t.closings, 1);
    talk_end(&t);
    assert_int_equal(atomic_load(&s.lines), 1 + 1 + 3 + 1 + 1);
    expect_ok(cryo_set_log(CRYO_LOG_WARNING, NULL, NULL, NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_function_gets_the_lines_of_its_level),
        cmocka_unit_test(a_function_may_call_what_logs),
        cmocka_unit_test(the_log_moves_while_others_write),
        cmocka_unit_test(a_token_is_in_no_line_and_no_text),
        cmocka_unit_test(an_exception_is_logged_and_ends_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
