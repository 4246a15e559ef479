// What the application keeps with a session: one pointer, and values by key.
#include "talk.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static void the_pointer_is_replaced_and_finalized_once(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){0});
    tally one = TALLY_INIT;
    tally two = TALLY_INIT;
    assert_null(cryo_session_user(t.session));
    expect_ok(cryo_session_set_user(t.session, &one, tally_finalizer));
    assert_ptr_equal(cryo_session_user(t.session), &one);
    expect_ok(cryo_session_set_user(t.session, &two, tally_finalizer));
    assert_ptr_equal(cryo_session_user(t.session), &two);
    assert_int_equal(tally_now(&one), 1);
    assert_int_equal(tally_now(&two), 0);
    cryo_session *const held = cryo_session_retain(t.session);
    talk_end(&t);
    assert_int_equal(tally_now(&two), 0); // the session is held
    assert_ptr_equal(cryo_session_user(held), &two);
    cryo_session_release(held);
    assert_int_equal(tally_now(&two), 1);
    assert_int_equal(tally_now(&one), 1);
}

static void values_are_set_got_replaced_and_removed(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){0});
    tally values[3] = {TALLY_INIT, TALLY_INIT, TALLY_INIT};
    void *got = &t;
    expect_status(cryo_session_get(t.session, "a", &got), CRYO_ERR_NOT_FOUND);
    assert_ptr_equal(got, &t);
    expect_ok(cryo_session_set(t.session, "a", &values[0], tally_finalizer));
    expect_ok(cryo_session_set(t.session, "b", &values[1], tally_finalizer));
    expect_ok(cryo_session_get(t.session, "a", &got));
    assert_ptr_equal(got, &values[0]);
    expect_ok(cryo_session_set(t.session, "a", &values[2], tally_finalizer));
    assert_int_equal(tally_now(&values[0]), 1);
    expect_ok(cryo_session_set(t.session, "a", NULL, NULL));
    assert_int_equal(tally_now(&values[2]), 1);
    expect_status(cryo_session_get(t.session, "a", &got), CRYO_ERR_NOT_FOUND);
    expect_ok(cryo_session_set(t.session, "a", NULL, NULL)); // nothing there to remove
    expect_status(cryo_session_get(t.session, "b", NULL), CRYO_ERR_INVALID);
    assert_int_equal(tally_now(&values[1]), 0);
    talk_end(&t);
    for (int i = 0; i < 3; ++i)
        assert_int_equal(tally_now(&values[i]), 1);
}

static void see(void *value, void *user) {
    *(void **)user = value;
}

static void keys_have_1_to_255_bytes(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){0});
    char key[257];
    memset(key, 'k', sizeof key);
    key[256] = '\0';
    tally value = TALLY_INIT;
    const char *const bad[] = {NULL, "", key};
    void *got = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        expect_status(cryo_session_set(t.session, bad[i], &value, tally_finalizer), CRYO_ERR_INVALID);
        expect_status(cryo_session_get(t.session, bad[i], &got), CRYO_ERR_INVALID);
        expect_status(cryo_session_visit(t.session, bad[i], see, &got), CRYO_ERR_INVALID);
    }
    assert_int_equal(tally_now(&value), 0); // the caller keeps it
    expect_ok(cryo_session_set(t.session, key + 1, &value, NULL));
    expect_ok(cryo_session_get(t.session, key + 1, &got));
    assert_ptr_equal(got, &value);
    expect_status(cryo_session_visit(t.session, "a", NULL, NULL), CRYO_ERR_INVALID);
    talk_end(&t);
}

static void visit_within(void *value, void *user) {
    talk *const t = user;
    void *got = NULL;
    expect_status(cryo_session_set(t->session, "other", value, NULL), CRYO_ERR_STATE);
    expect_status(cryo_session_get(t->session, "key", &got), CRYO_ERR_STATE);
    expect_status(cryo_session_visit(t->session, "key", see, &got), CRYO_ERR_STATE);
    // Everything else may be called.
    expect_ok(cryo_session_set_user(t->session, t, NULL));
    expect_ok(send_text(t->session, "from inside"));
    expect_ok(cryo_session_ping(t->session));
    assert_int_equal(cryo_server_session_count(t->server), 1);
    tally_add(&t->messages);
}

static void a_visit_calls_once_and_not_from_inside(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){0});
    void *seen = &t;
    expect_ok(cryo_session_visit(t.session, "key", see, &seen));
    assert_null(seen);
    expect_ok(cryo_session_set(t.session, "key", &seen, NULL));
    expect_ok(cryo_session_visit(t.session, "key", see, &seen));
    assert_ptr_equal(seen, &seen);
    expect_ok(cryo_session_visit(t.session, "key", visit_within, &t));
    assert_int_equal(tally_now(&t.messages), 1);
    assert_true(peer_hears(&t.client, "from inside"));
    expect_ok(cryo_session_set(t.session, "key", NULL, NULL)); // the visit is over
    talk_end(&t);
}

static void release_all(void *value, void *user) {
    (void)value;
    cryo_session_release(user);
}

static void a_visit_may_release_the_last_reference(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){0});
    tally value = TALLY_INIT;
    expect_ok(cryo_session_set(t.session, "key", &value, tally_finalizer));
    cryo_session *const held = t.session;
    t.session = NULL;
    talk_end(&t);
    expect_ok(cryo_session_visit(held, "key", release_all, held));
    tally_wait(&value, 1);
    expect_status(cryo_session_visit(held, "key", see, &t), CRYO_ERR_HANDLE);
}

// A value is whole as long as a visit lasts, whatever another thread does.
enum { VALUES = 2000 };
typedef struct thing {
    atomic_bool alive;
} thing;
static thing things[VALUES];
static atomic_bool replaced_all;

static void kill_thing(void *user) {
    atomic_store(&((thing *)user)->alive, false);
}

static void *replace_values(void *argument) {
    for (int i = 0; i < VALUES; ++i) {
        atomic_store(&things[i].alive, true);
        expect_ok(cryo_session_set(argument, "thing", &things[i], kill_thing));
    }
    atomic_store(&replaced_all, true);
    return NULL;
}

static void look(void *value, void *user) {
    thing *const seen = value;
    if (seen == NULL) return;
    for (int i = 0; i < 20; ++i)
        assert_true(atomic_load(&seen->alive));
    ++*(unsigned *)user;
}

static void nobody_replaces_what_is_visited(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){0});
    atomic_store(&replaced_all, false);
    const pthread_t other = run(replace_values, t.session);
    unsigned seen = 0;
    while (!atomic_load(&replaced_all) || seen == 0)
        expect_ok(cryo_session_visit(t.session, "thing", look, &seen));
    join(other);
    expect_ok(cryo_session_set(t.session, "thing", NULL, NULL));
    for (int i = 0; i < VALUES; ++i)
        assert_false(atomic_load(&things[i].alive));
    talk_end(&t);
}

// A finalizer may call everything, on the same session too.
typedef struct caller {
    cryo_session *session;
    tally calls;
} caller;

static void call_from_finalizer(void *user) {
    caller *const c = user;
    void *got = NULL;
    expect_status(cryo_session_get(c->session, "gone", &got), CRYO_ERR_NOT_FOUND);
    expect_ok(cryo_session_set(c->session, "from finalizer", c, NULL));
    expect_ok(cryo_session_set_user(c->session, c, NULL));
    tally_add(&c->calls);
}

static void a_finalizer_may_call_everything(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){0});
    caller c = {.session = t.session, .calls = TALLY_INIT};
    expect_ok(cryo_session_set(t.session, "key", &c, call_from_finalizer));
    expect_ok(cryo_session_set(t.session, "key", NULL, NULL));
    assert_int_equal(tally_now(&c.calls), 1);
    expect_ok(cryo_session_set_user(t.session, &c, call_from_finalizer));
    expect_ok(cryo_session_set_user(t.session, NULL, NULL));
    assert_int_equal(tally_now(&c.calls), 2);
    talk_end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pointer_is_replaced_and_finalized_once),
        cmocka_unit_test(values_are_set_got_replaced_and_removed),
        cmocka_unit_test(keys_have_1_to_255_bytes),
        cmocka_unit_test(a_visit_calls_once_and_not_from_inside),
        cmocka_unit_test(a_visit_may_release_the_last_reference),
        cmocka_unit_test(nobody_replaces_what_is_visited),
        cmocka_unit_test(a_finalizer_may_call_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
