// One message to many sessions.
#include "talk.h"

#include <string.h>

enum { PEERS = 5 };

static void answer_all(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)session;
    talk *const t = user;
    cryo_session *all[PEERS + 1];
    size_t count = 0, sent = 0;
    cryo_status statuses[PEERS + 1];
    expect_ok(cryo_server_sessions(t->server, all, PEERS + 1, &count));
    expect_ok(cryo_sessions_send(all, count, kind, data, len, statuses, &sent));
    assert_int_equal(sent, count);
    for (size_t i = 0; i < count; ++i) {
        expect_ok(statuses[i]);
        cryo_session_release(all[i]);
    }
    tally_add(&t->messages);
}

static void each_of_them_gets_it(void **state) {
    (void)state;
    for (uint32_t threads = 1; threads <= 3; threads += 2) {
        talk t;
        peer peers[PEERS];
        talk_start(&t, &(app){.threads = threads, .on_message = answer_all});
        for (int i = 0; i < PEERS; ++i)
            assert_int_equal(peer_connect(&peers[i], cryo_server_port(t.server), TOKEN), 101);
        tally_wait(&t.sessions, PEERS + 1);
        peer_send_text(&t.client, "from inside"); // on the thread of some of them
        for (int i = 0; i < PEERS; ++i)
            assert_true(peer_hears(&peers[i], "from inside"));
        assert_true(peer_hears(&t.client, "from inside"));

        cryo_session *all[PEERS + 3];
        size_t count = 0, sent = 99;
        expect_ok(cryo_server_sessions(t.server, all, PEERS + 1, &count));
        assert_int_equal(count, PEERS + 1);
        cryo_status statuses[PEERS + 3];
        all[PEERS + 1] = NULL;
        all[PEERS + 2] = (cryo_session *)t.server;
        expect_ok(cryo_session_close(t.session, CRYO_CLOSE_GRACEFUL, NULL));
        expect_ok(
            cryo_sessions_send(all, PEERS + 3, CRYO_UTF8, (const uint8_t *)"outside", 7, statuses, &sent));
        assert_int_equal(sent, PEERS);
        for (int i = 0; i < PEERS + 1; ++i)
            assert_int_equal(statuses[i], all[i] == t.session ? CRYO_ERR_CLOSED : CRYO_OK);
        assert_int_equal(statuses[PEERS + 1], CRYO_ERR_HANDLE);
        assert_int_equal(statuses[PEERS + 2], CRYO_ERR_HANDLE);
        for (int i = 0; i < PEERS; ++i) {
            assert_true(peer_hears(&peers[i], "outside"));
            peer_hang_up(&peers[i]);
        }
        expect_ok(cryo_sessions_send(all, PEERS + 1, CRYO_BINARY, NULL, 0, NULL, NULL));
        for (int i = 0; i < PEERS + 1; ++i)
            cryo_session_release(all[i]);
        talk_end(&t);
    }
}

static void what_nobody_gets(void **state) {
    (void)state;
    talk t;
    size_t sent = 99;
    talk_start(&t, &(app){.threads = 1});
    cryo_session *const one[] = {t.session};
    expect_ok(cryo_sessions_send(NULL, 0, CRYO_UTF8, (const uint8_t *)"x", 1, NULL, &sent));
    assert_int_equal(sent, 0);
    expect_status(cryo_sessions_send(NULL, 1, CRYO_UTF8, (const uint8_t *)"x", 1, NULL, NULL),
                  CRYO_ERR_INVALID);
    expect_status(cryo_sessions_send(one, 1, 7, (const uint8_t *)"x", 1, NULL, NULL), CRYO_ERR_INVALID);
    expect_status(cryo_sessions_send(one, 1, CRYO_UTF8, (const uint8_t *)"\xff", 1, NULL, NULL),
                  CRYO_ERR_INVALID);
    expect_status(cryo_sessions_send(one, 1, CRYO_UTF8, NULL, 1, NULL, NULL), CRYO_ERR_INVALID);
    talk_end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_of_them_gets_it),
        cmocka_unit_test(what_nobody_gets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
