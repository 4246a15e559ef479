// The sessions of a server: count, list, find, broadcast.
#include "talk.h"

#include <stdio.h>
#include <string.h>

enum { CLIENTS = 5 };

typedef struct crowd {
    talk t;
    peer clients[CLIENTS];
} crowd;

static void crowd_start(crowd *c, const app *what) {
    talk_listen(&c->t, what);
    for (int i = 0; i < CLIENTS; ++i) {
        assert_int_equal(peer_connect(&c->clients[i], cryo_server_port(c->t.server), TOKEN), 101);
        tally_wait(&c->t.sessions, (unsigned)i + 1);
    }
}

static void crowd_end(crowd *c) {
    for (int i = 0; i < CLIENTS; ++i)
        peer_hang_up(&c->clients[i]);
    talk_end(&c->t);
}

static void the_list_holds_every_live_session(void **state) {
    (void)state;
    for (uint32_t threads = 1; threads <= 2; ++threads) {
        crowd c;
        crowd_start(&c, &(app){.threads = threads});
        cryo_server *const server = c.t.server;
        assert_int_equal(cryo_server_session_count(server), CLIENTS);
        size_t count = 0;
        cryo_session *some[CLIENTS + 2] = {NULL};
        expect_ok(cryo_server_sessions(server, NULL, 0, &count));
        assert_int_equal(count, CLIENTS);
        expect_ok(cryo_server_sessions(server, some, 2, &count));
        assert_int_equal(count, CLIENTS);
        assert_null(some[2]);
        cryo_session_release(some[0]);
        cryo_session_release(some[1]);
        expect_ok(cryo_server_sessions(server, some, CLIENTS + 2, &count));
        assert_int_equal(count, CLIENTS);
        assert_null(some[CLIENTS]);
        for (int i = 0; i < CLIENTS; ++i)
            assert_int_equal(peer_close(&c.clients[i], 4000, ""), 4000);
        tally_wait(&c.t.closings, CLIENTS);
        assert_int_equal(cryo_server_session_count(server), 0);
        expect_ok(cryo_server_sessions(server, some + CLIENTS, 2, &count));
        assert_int_equal(count, 0);
        // They are retained: closed, and still there.
        unsigned known = 0;
        for (int i = 0; i < CLIENTS; ++i) {
            uint8_t id[16];
            expect_ok(cryo_session_id(some[i], id));
            for (int k = 0; k < CLIENTS; ++k)
                known += memcmp(id, c.clients[k].id, sizeof id) == 0 ? 1u << k : 0;
            if (some[i] != c.t.session) {
                cryo_session_release(some[i]);
                expect_status(cryo_session_id(some[i], id), CRYO_ERR_HANDLE);
            } else {
                cryo_session_release(some[i]);
            }
        }
        assert_int_equal(known, (1u << CLIENTS) - 1);
        expect_status(cryo_server_sessions(server, NULL, 1, &count), CRYO_ERR_INVALID);
        expect_status(cryo_server_sessions(server, some, 1, NULL), CRYO_ERR_INVALID);
        crowd_end(&c);
    }
}

static void a_session_is_found_by_its_id(void **state) {
    (void)state;
    crowd c;
    crowd_start(&c, &(app){.threads = 2});
    cryo_session *found = NULL;
    expect_ok(cryo_server_find_session(c.t.server, c.clients[3].id, &found));
    uint8_t id[16];
    expect_ok(cryo_session_id(found, id));
    assert_memory_equal(id, c.clients[3].id, sizeof id);
    expect_ok(send_text(found, "you"));
    assert_true(peer_hears(&c.clients[3], "you"));
    expect_ok(cryo_session_close(found, 4000, NULL));
    assert_int_equal(peer_wait_for_close(&c.clients[3]), 4000);
    tally_wait(&c.t.closings, 1);
    cryo_session *none = NULL;
    expect_status(cryo_server_find_session(c.t.server, c.clients[3].id, &none), CRYO_ERR_NOT_FOUND);
    assert_null(none);
    cryo_session_release(found);
    memset(id, 0, sizeof id);
    expect_status(cryo_server_find_session(c.t.server, id, &none), CRYO_ERR_NOT_FOUND);
    expect_status(cryo_server_find_session(c.t.server, NULL, &none), CRYO_ERR_INVALID);
    expect_status(cryo_server_find_session(c.t.server, id, NULL), CRYO_ERR_INVALID);
    crowd_end(&c);
}

static size_t sent_inside;

static void tell_the_others(cryo_session *session, int32_t kind, const uint8_t *data, size_t len,
                            void *user) {
    talk *const t = user;
    expect_ok(cryo_server_broadcast(t->server, kind, data, len, session, &sent_inside));
    talk_on_message(session, kind, data, len, user);
}

static void a_broadcast_reaches_all_but_one(void **state) {
    (void)state;
    for (uint32_t threads = 1; threads <= 2; ++threads) {
        crowd c;
        crowd_start(&c, &(app){.threads = threads, .on_message = tell_the_others});
        size_t count = 0;
        expect_ok(cryo_server_broadcast(c.t.server, CRYO_UTF8, (const uint8_t *)"all", 3, NULL, &count));
        assert_int_equal(count, CLIENTS);
        expect_ok(cryo_server_broadcast(c.t.server, CRYO_UTF8, NULL, 0, c.t.session, &count));
        assert_int_equal(count, CLIENTS - 1);
        expect_ok(cryo_server_broadcast(c.t.server, CRYO_UTF8, (const uint8_t *)"end", 3, NULL, NULL));
        for (int i = 0; i < CLIENTS; ++i) {
            assert_true(peer_hears(&c.clients[i], "all"));
            if (i > 0)
                assert_true(peer_hears(&c.clients[i], "")); // the first session is the one that is spared
            assert_true(peer_hears(&c.clients[i], "end"));
        }
        peer_send_text(&c.clients[2], "others");
        for (int i = 0; i < CLIENTS; ++i)
            if (i != 2) assert_true(peer_hears(&c.clients[i], "others"));
        tally_wait(&c.t.messages, 1);
        assert_int_equal(sent_inside, CLIENTS - 1);
        expect_status(cryo_server_broadcast(c.t.server, 3, NULL, 0, NULL, NULL), CRYO_ERR_INVALID);
        expect_status(cryo_server_broadcast(c.t.server, CRYO_UTF8, NULL, 1, NULL, NULL), CRYO_ERR_INVALID);
        crowd_end(&c);
    }
}

static void a_server_that_does_not_run_broadcasts_nothing(void **state) {
    (void)state;
    cryo_server *const server = app_new(&(app){.threads = 1});
    size_t count = 99;
    expect_status(cryo_server_broadcast(server, CRYO_UTF8, NULL, 0, NULL, &count), CRYO_ERR_CLOSED);
    assert_int_equal(cryo_server_session_count(server), 0);
    expect_ok(cryo_server_start(server));
    expect_ok(cryo_server_stop(server));
    expect_status(cryo_server_broadcast(server, CRYO_UTF8, NULL, 0, NULL, &count), CRYO_ERR_CLOSED);
    expect_ok(cryo_server_wait(server, -1));
    expect_status(cryo_server_broadcast(server, CRYO_UTF8, NULL, 0, NULL, &count), CRYO_ERR_CLOSED);
    assert_int_equal(count, 99);
    expect_ok(cryo_server_sessions(server, NULL, 0, &count));
    assert_int_equal(count, 0);
    cryo_server_free(server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_holds_every_live_session),
        cmocka_unit_test(a_session_is_found_by_its_id),
        cmocka_unit_test(a_broadcast_reaches_all_but_one),
        cmocka_unit_test(a_server_that_does_not_run_broadcasts_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
