// Finalizers: exactly once, for every function that takes one, and not at all when that function failed.
#include "talk.h"

#include <string.h>

static void of_events(void **state) {
    (void)state;
    tally t = TALLY_INIT;
    cryo_events *events = NULL;
    expect_status(cryo_events_new(&t, tally_finalizer, NULL), CRYO_ERR_INVALID);
    assert_int_equal(tally_now(&t), 0);
    expect_ok(cryo_events_new(&t, tally_finalizer, &events));
    cryo_server_options *options = NULL;
    expect_ok(cryo_server_options_new(&options));
    expect_ok(cryo_server_options_set_port(options, 0));
    expect_ok(cryo_server_options_set_validator(options, accept_everybody, NULL, NULL));
    expect_ok(cryo_server_options_set_events(options, events));
    cryo_events_free(events);
    assert_int_equal(tally_now(&t), 0); // the options have it
    cryo_server *servers[2] = {NULL, NULL};
    expect_ok(cryo_server_new(options, &servers[0]));
    expect_ok(cryo_server_new(options, &servers[1]));
    cryo_server_options_free(options);
    expect_ok(cryo_server_start(servers[0])); // the other one never is
    cryo_server_free(servers[0]);
    assert_int_equal(tally_now(&t), 0);
    cryo_server_free(servers[1]);
    assert_int_equal(tally_now(&t), 1);

    tally alone = TALLY_INIT;
    expect_ok(cryo_events_new(&alone, tally_finalizer, &events));
    cryo_events_free(events);
    cryo_events_free(events);
    assert_int_equal(tally_now(&alone), 1);
    expect_ok(cryo_events_new(NULL, NULL, &events));
    cryo_events_free(events);
}

static void of_a_validator(void **state) {
    (void)state;
    tally one = TALLY_INIT;
    tally two = TALLY_INIT;
    cryo_server_options *options = NULL;
    expect_status(cryo_server_options_set_validator(NULL, accept_everybody, &one, tally_finalizer),
                  CRYO_ERR_HANDLE);
    expect_ok(cryo_server_options_new(&options));
    expect_ok(cryo_server_options_set_port(options, 0));
    expect_ok(cryo_server_options_set_validator(options, accept_everybody, &one, tally_finalizer));
    assert_int_equal(tally_now(&one), 0);
    cryo_server *server = NULL;
    expect_ok(cryo_server_new(options, &server));
    expect_ok(cryo_server_options_set_validator(options, accept_everybody, &two, tally_finalizer));
    assert_int_equal(tally_now(&one), 0); // the server has it
    cryo_server_options_free(options);
    assert_int_equal(tally_now(&two), 1);
    expect_status(cryo_server_options_set_validator(options, accept_everybody, &two, tally_finalizer),
                  CRYO_ERR_HANDLE);
    expect_ok(cryo_server_start(server));
    assert_int_equal(tally_now(&one), 0);
    cryo_server_free(server);
    assert_int_equal(tally_now(&one), 1);
    assert_int_equal(tally_now(&two), 1);
}

static void of_a_session(void **state) {
    (void)state;
    tally user = TALLY_INIT;
    tally value = TALLY_INIT;
    expect_status(cryo_session_set_user(NULL, &user, tally_finalizer), CRYO_ERR_HANDLE);
    expect_status(cryo_session_set(NULL, "key", &value, tally_finalizer), CRYO_ERR_HANDLE);
    talk t;
    talk_start(&t, &(app){0});
    expect_status(cryo_session_set(t.session, "", &value, tally_finalizer), CRYO_ERR_INVALID);
    expect_ok(cryo_session_set_user(t.session, &user, tally_finalizer));
    expect_ok(cryo_session_set(t.session, "key", &value, tally_finalizer));
    cryo_session *const held = t.session;
    t.session = NULL;
    assert_int_equal(peer_close(&t.client, 4000, ""), 4000);
    tally_wait(&t.closings, 1);
    assert_int_equal(tally_now(&user), 0);
    talk_end(&t);
    assert_int_equal(tally_now(&user), 0);
    assert_int_equal(tally_now(&value), 0);
    cryo_session_release(held);
    assert_int_equal(tally_now(&user), 1);
    assert_int_equal(tally_now(&value), 1);
    expect_status(cryo_session_set(held, "key", &value, tally_finalizer), CRYO_ERR_HANDLE);
    assert_int_equal(tally_now(&value), 1);

    // Nobody holds the session: with its end.
    tally_reset(&user);
    tally_reset(&value);
    talk_start(&t, &(app){0});
    expect_ok(cryo_session_set_user(t.session, &user, tally_finalizer));
    expect_ok(cryo_session_set(t.session, "key", &value, tally_finalizer));
    cryo_session_release(t.session);
    t.session = NULL;
    peer_reset(&t.client);
    tally_wait(&user, 1);
    tally_wait(&value, 1);
    talk_end(&t);
    assert_int_equal(tally_now(&user), 1);
    assert_int_equal(tally_now(&value), 1);
}

// What is set in a set of events later does not reach servers made before.
static void events_are_copied(void **state) {
    (void)state;
    talk t;
    memset(&t, 0, sizeof t);
    t.sessions = t.messages = t.closings = t.stats = (tally)TALLY_INIT;
    cryo_events *events = NULL;
    cryo_server_options *options = NULL;
    cryo_server *server = NULL;
    expect_ok(cryo_events_new(&t, NULL, &events));
    expect_ok(cryo_events_on_session(events, talk_on_session));
    expect_ok(cryo_server_options_new(&options));
    expect_ok(cryo_server_options_set_port(options, 0));
    expect_ok(cryo_server_options_set_validator(options, accept_everybody, NULL, NULL));
    expect_ok(cryo_server_options_set_events(options, events));
    expect_ok(cryo_events_on_message(events, talk_on_message)); // before: it does
    expect_ok(cryo_server_new(options, &server));
    expect_ok(cryo_events_on_session(events, NULL));
    expect_ok(cryo_events_on_message(events, NULL));
    expect_ok(cryo_events_on_closed(events, talk_on_closed));
    expect_ok(cryo_server_options_set_validator(options, NULL, NULL, NULL));
    cryo_events_free(events);
    cryo_server_options_free(options);
    expect_ok(cryo_server_start(server));
    peer p;
    assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
    tally_wait(&t.sessions, 1);
    peer_send_text(&p, "x");
    tally_wait(&t.messages, 1);
    peer_close(&p, 4000, "");
    peer_hang_up(&p);
    cryo_server_free(server);
    assert_int_equal(tally_now(&t.closings), 0);
    cryo_session_release(t.session);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_events),
        cmocka_unit_test(of_a_validator),
        cmocka_unit_test(of_a_session),
        cmocka_unit_test(events_are_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
