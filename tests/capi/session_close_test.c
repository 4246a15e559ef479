// The end of a session: codes and reasons both ways, and what a handle is good for afterwards.
#include "talk.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void a_close_arrives_with_code_and_reason(void **state) {
    (void)state;
    static const int32_t codes[] = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013,
                                    1014, 3000, 3999, 4000, 4001, 4002, 4010, 4011, 4999};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; ++i) {
        talk t;
        talk_start(&t, &(app){0});
        expect_ok(cryo_session_close(t.session, codes[i], "for a reason"));
        assert_int_equal(cryo_session_is_open(t.session), 0);
        expect_status(cryo_session_close(t.session, codes[i], "again"), CRYO_ERR_CLOSED);
        expect_status(send_text(t.session, "late"), CRYO_ERR_CLOSED);
        expect_status(cryo_session_ping(t.session), CRYO_ERR_CLOSED);
        assert_int_equal(peer_wait_for_close(&t.client), codes[i]);
        assert_string_equal(t.client.close_reason, "for a reason");
        tally_wait(&t.closings, 1);
        assert_int_equal(t.code, codes[i]);
        assert_string_equal(t.reason, "for a reason");
        talk_end(&t);
        assert_int_equal(tally_now(&t.closings), 1);
    }
}

static void codes_that_may_not_be_sent_are_refused(void **state) {
    (void)state;
    static const int32_t codes[] = {INT32_MIN, -1,           0,        1,    999,  1010, 1004, 1005,
                                    1006,      1015,         1016,     1999, 2000, 2999, 5000, 65535,
                                    65536,     65536 + 4000, INT32_MAX};
    talk t;
    talk_start(&t, &(app){0});
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; ++i) {
        expect_status(cryo_session_close(t.session, codes[i], NULL), CRYO_ERR_INVALID);
    }
    expect_status(cryo_session_close(t.session, 4000, "\xff"), CRYO_ERR_INVALID);
    assert_int_equal(cryo_session_is_open(t.session), 1);
    expect_ok(send_text(t.session, "still here"));
    assert_true(peer_hears(&t.client, "still here"));
    talk_end(&t);
}

static void a_reason_is_cut_at_a_character(void **state) {
    (void)state;
    char reason[400];
    memset(reason, 'x', sizeof reason);
    memcpy(reason + 122, "\xc3\xa9", 2); // the 123rd byte is half a character
    reason[sizeof reason - 1] = '\0';
    talk t;
    talk_start(&t, &(app){0});
    expect_ok(cryo_session_close(t.session, CRYO_CLOSE_GRACEFUL, reason));
    assert_int_equal(peer_wait_for_close(&t.client), CRYO_CLOSE_GRACEFUL);
    assert_int_equal(strlen(t.client.close_reason), 122);
    tally_wait(&t.closings, 1);
    assert_int_equal(strncmp(t.reason, reason, 122), 0);
    talk_end(&t);

    talk_start(&t, &(app){0});
    expect_ok(cryo_session_close(t.session, CRYO_CLOSE_GRACEFUL, NULL));
    assert_int_equal(peer_wait_for_close(&t.client), CRYO_CLOSE_GRACEFUL);
    tally_wait(&t.closings, 1);
    assert_string_equal(t.reason, "");
    talk_end(&t);
}

static void a_client_closes_with_code_and_reason(void **state) {
    (void)state;
    static const struct {
        int sent;
        int32_t seen;
        const char *reason;
    } cases[] = {{1000, 1000, "done"},
                 {1001, 1001, "away"},
                 {4000, 4000, "h\xc3\xa4"},
                 {4999, 4999, ""},
                 {1005, CRYO_CLOSE_NO_STATUS, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        talk t;
        talk_start(&t, &(app){0});
        peer_close(&t.client, cases[i].sent, cases[i].reason);
        assert_int_equal(t.client.close_code, cases[i].sent);
        tally_wait(&t.closings, 1);
        assert_int_equal(t.code, cases[i].seen);
        assert_string_equal(t.reason, cases[i].reason);
        talk_end(&t);
    }
}

static void a_lost_connection_is_abnormal(void **state) {
    (void)state;
    for (int reset = 0; reset < 2; ++reset) {
        talk t;
        talk_start(&t, &(app){0});
        if (reset)
            peer_reset(&t.client);
        else
            peer_hang_up(&t.client);
        tally_wait(&t.closings, 1);
        assert_int_equal(t.code, CRYO_CLOSE_ABNORMAL);
        assert_string_equal(t.reason, "");
        talk_end(&t);
    }
}

// The code that ended the session is the one that came first: the server's here, the client answers another.
static void the_first_code_counts(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){0});
    expect_ok(cryo_session_close(t.session, 4000, "first"));
    while (peer_receive(&t.client)) {
    }
    assert_int_equal(peer_close(&t.client, 1001, "second"), 4000);
    tally_wait(&t.closings, 1);
    assert_int_equal(t.code, 4000);
    assert_string_equal(t.reason, "first");
    talk_end(&t);
}

static void a_peer_that_does_not_answer_is_not_waited_for(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){.close_timeout_ms = 50});
    expect_ok(cryo_session_close(t.session, 4002, "now"));
    tally_wait(&t.closings, 1); // the client has said nothing
    assert_int_equal(t.code, 4002);
    assert_string_equal(t.reason, "now");
    talk_end(&t);
}

static void what_was_sent_before_the_close_leaves_before_it(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){0});
    for (int i = 0; i < 100; ++i)
        expect_ok(send_text(t.session, "before"));
    expect_ok(cryo_session_close(t.session, 4000, "after"));
    for (int i = 0; i < 100; ++i)
        assert_true(peer_hears(&t.client, "before"));
    assert_int_equal(peer_wait_for_close(&t.client), 4000);
    talk_end(&t);
}

// Closing inside each of a session's callbacks.
static void close_at_session(cryo_session *session, void *user) {
    talk_on_session(session, user);
    expect_ok(cryo_session_close(session, 4001, "session"));
    assert_int_equal(cryo_session_is_open(session), 0);
}
static void close_at_message(cryo_session *session, int32_t kind, const uint8_t *data, size_t len,
                             void *user) {
    expect_ok(cryo_session_close(session, 4001, "message"));
    talk_on_message(session, kind, data, len, user);
}
static void close_at_stat(cryo_session *session, int32_t stat, double value, void *user) {
    cryo_session_close(session, 4001, "stat");
    talk_on_stat(session, stat, value, user);
}

static void a_callback_may_close(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){.on_session = close_at_session});
    assert_int_equal(peer_wait_for_close(&t.client), 4001);
    assert_string_equal(t.client.close_reason, "session");
    talk_end(&t);
    talk_start(&t, &(app){.on_message = close_at_message});
    // Three in one write: nothing is received after the close.
    size_t size[3];
    uint8_t *frames[3];
    uint8_t all[512];
    size_t total = 0;
    for (uint32_t i = 0; i < 3; ++i) {
        frames[i] = peer_wire_frame(&t.client, PEER_UTF8, i, "x", 1, &size[i]);
        memcpy(all + total, frames[i], size[i]);
        total += size[i];
        free(frames[i]);
    }
    peer_send_raw(&t.client, all, total);
    assert_int_equal(peer_wait_for_close(&t.client), 4001);
    tally_wait(&t.closings, 1);
    assert_int_equal(tally_now(&t.messages), 1);
    talk_end(&t);
    talk_start(&t, &(app){.on_stat = close_at_stat, .keepalive_ms = 20});
    assert_int_equal(peer_wait_for_close(&t.client), 4001);
    assert_string_equal(t.client.close_reason, "stat");
    talk_end(&t);
}

static void expect_facts_of_the_dead(talk *t) {
    uint8_t id[16];
    char text[64];
    double value = 0;
    void *pointer = NULL;
    expect_status(send_text(t->session, "x"), CRYO_ERR_CLOSED);
    expect_status(cryo_session_ping(t->session), CRYO_ERR_CLOSED);
    expect_status(cryo_session_close(t->session, 4000, NULL), CRYO_ERR_CLOSED);
    assert_int_equal(cryo_session_is_open(t->session), 0);
    expect_ok(cryo_session_id(t->session, id));
    assert_memory_equal(id, t->client.id, sizeof id);
    expect_ok(cryo_session_token(t->session, text, sizeof text, NULL));
    assert_string_equal(text, TOKEN);
    expect_ok(cryo_session_stat(t->session, CRYO_STAT_BYTES_RX, &value));
    expect_ok(cryo_session_set(t->session, "key", t, NULL));
    expect_ok(cryo_session_get(t->session, "key", &pointer));
    assert_ptr_equal(pointer, t);
    expect_ok(cryo_session_set_user(t->session, t, NULL));
    assert_ptr_equal(cryo_session_user(t->session), t);
}

static void a_held_session_outlives_its_end_and_its_server(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){0});
    assert_ptr_equal(cryo_session_retain(t.session), t.session);
    assert_int_equal(peer_close(&t.client, 4000, ""), 4000);
    tally_wait(&t.closings, 1);
    expect_facts_of_the_dead(&t);
    cryo_server_free(t.server);
    expect_facts_of_the_dead(&t);
    cryo_session_release(t.session);
    expect_facts_of_the_dead(&t);
    cryo_session_release(t.session);
    expect_status(send_text(t.session, "x"), CRYO_ERR_HANDLE);
    assert_null(cryo_session_retain(t.session));
    peer_hang_up(&t.client);
}

// Gives back what it was never given: the engine's own reference. It is told from then on, and nothing else
// is hurt.
static void release_too_much(cryo_session *session, int32_t kind, const uint8_t *data, size_t len,
                             void *user) {
    cryo_session_release(session);
    expect_status(send_text(session, "x"), CRYO_ERR_HANDLE);
    talk_on_message(session, kind, data, len, user);
}

static void a_release_too_many_does_no_harm(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){.on_message = release_too_much});
    cryo_session_release(t.session);
    t.session = NULL;
    peer_send_text(&t.client, "one");
    tally_wait(&t.messages, 1);
    peer_send_text(&t.client, "two");
    tally_wait(&t.messages, 2);
    cryo_session *found = NULL;
    expect_status(cryo_server_find_session(t.server, t.client.id, &found), CRYO_ERR_NOT_FOUND);
    assert_int_equal(peer_close(&t.client, 4000, ""), 4000);
    tally_wait(&t.closings, 1);
    talk_end(&t);
}

// ---- a handle that nobody holds, used while it dies ----

static atomic_bool enough;

static void *use_it(void *argument) {
    cryo_session *const session = argument;
    while (!atomic_load(&enough)) {
        double value = 0;
        char text[64];
        const cryo_status sent = send_text(session, "x");
        if (sent != CRYO_OK && sent != CRYO_ERR_CLOSED && sent != CRYO_ERR_HANDLE && sent != CRYO_ERR_FULL)
            abort();
        const cryo_status told = cryo_session_stat(session, CRYO_STAT_BYTES_TX, &value);
        if (told != CRYO_OK && told != CRYO_ERR_HANDLE) abort();
        const cryo_status said = cryo_session_token(session, text, sizeof text, NULL);
        if (said != CRYO_OK && said != CRYO_ERR_HANDLE) abort();
        cryo_session_set_user(session, text, NULL);
        if (cryo_session_retain(session) != NULL) cryo_session_release(session);
        if (said == CRYO_ERR_HANDLE) break;
    }
    return NULL;
}

static void a_handle_may_die_while_another_thread_uses_it(void **state) {
    (void)state;
    for (int i = 0; i < 50; ++i) {
        talk t;
        talk_start(&t, &(app){0});
        cryo_session *const borrowed = t.session;
        atomic_store(&enough, false);
        pthread_t users[2] = {run(use_it, borrowed), run(use_it, borrowed)};
        cryo_session_release(t.session);
        t.session = NULL;
        peer_hang_up(&t.client);
        tally_wait(&t.closings, 1);
        cryo_server_free(t.server);
        atomic_store(&enough, true);
        join(users[0]);
        join(users[1]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_close_arrives_with_code_and_reason),
        cmocka_unit_test(codes_that_may_not_be_sent_are_refused),
        cmocka_unit_test(a_reason_is_cut_at_a_character),
        cmocka_unit_test(a_client_closes_with_code_and_reason),
        cmocka_unit_test(a_lost_connection_is_abnormal),
        cmocka_unit_test(the_first_code_counts),
        cmocka_unit_test(a_peer_that_does_not_answer_is_not_waited_for),
        cmocka_unit_test(what_was_sent_before_the_close_leaves_before_it),
        cmocka_unit_test(a_callback_may_close),
        cmocka_unit_test(a_held_session_outlives_its_end_and_its_server),
        cmocka_unit_test(a_release_too_many_does_no_harm),
        cmocka_unit_test(a_handle_may_die_while_another_thread_uses_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
