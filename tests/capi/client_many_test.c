// Clients in numbers: many messages, many at once, many losses in a row; plain and with CALE.
#include "client_app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGES = 10000, WINDOW = 500, CROWD = 200, LOSSES = 100 };

static void want_cale_server(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_cale(options, 1));
}
static void want_cale(cryo_client_options *options) {
    expect_ok(cryo_client_options_set_cale(options, 1));
}

// In each direction the numbers must come in order, each once.
typedef struct counted {
    tally arrived;
    unsigned next;
    bool in_order;
} counted;

static void count_in_order(counted *c, const uint8_t *data, size_t len) {
    char wanted[16];
    const int size = snprintf(wanted, sizeof wanted, "%u", c->next++);
    c->in_order = c->in_order && len == (size_t)size && memcmp(data, wanted, len) == 0;
    tally_add(&c->arrived);
}

static void at_server(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    count_in_order(user, data, len);
    expect_ok(cryo_session_send(session, kind, data, len));
}
static void at_client(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)session, (void)kind;
    count_in_order(user, data, len);
}

static void many_messages(bool cale) {
    counted up = {.arrived = TALLY_INIT, .in_order = true};
    counted down = {.arrived = TALLY_INIT, .in_order = true};
    cryo_server *const server = app_start(
        &(app){.threads = 1, .on_message = at_server, .user = &up, .tune = cale ? want_cale_server : NULL});
    cryo_events *events = NULL;
    cryo_client_options *options = NULL;
    cryo_client *client = NULL;
    char text[64];
    snprintf(text, sizeof text, "ws://127.0.0.1:%u", (unsigned)cryo_server_port(server));
    expect_ok(cryo_events_new(&down, NULL, &events));
    expect_ok(cryo_events_on_message(events, at_client));
    expect_ok(cryo_client_options_new(&options));
    expect_ok(cryo_client_options_set_url(options, text));
    expect_ok(cryo_client_options_set_token(options, TOKEN));
    expect_ok(cryo_client_options_set_events(options, events));
    expect_ok(cryo_client_options_set_resend(options, 1)); // so that sending may begin at once
    if (cale) want_cale(options);
    expect_ok(cryo_client_new(options, &client));
    expect_ok(cryo_client_start(client));
    for (unsigned i = 0; i < MESSAGES; ++i) {
        if (i >= WINDOW) tally_wait(&down.arrived, i - WINDOW);
        snprintf(text, sizeof text, "%u", i);
        expect_ok(say(client, text));
    }
    tally_wait(&down.arrived, MESSAGES);
    assert_int_equal(tally_now(&up.arrived), MESSAGES);
    assert_true(up.in_order && down.in_order);
    double timed_out = -1;
    expect_ok(cryo_session_stat(cryo_client_session(client), CRYO_STAT_ACK_TIMEOUT, &timed_out));
    assert_true(timed_out == 0);
    cryo_client_free(client);
    cryo_client_options_free(options);
    cryo_events_free(events);
    cryo_server_free(server);
}

static void ten_thousand_messages_each_way(void **state) {
    (void)state;
    many_messages(false);
    many_messages(true);
}

static void echo(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)user;
    cryo_session_send(session, kind, data, len);
}

static void a_crowd(bool cale) {
    static diary diaries[CROWD];
    static cryo_client *clients[CROWD];
    cryo_server *const server =
        app_start(&(app){.threads = 2, .on_message = echo, .tune = cale ? want_cale_server : NULL});
    for (int i = 0; i < CROWD; ++i) {
        diary_init(&diaries[i]);
        clients[i] = start_client(&diaries[i], cryo_server_port(server), cale ? want_cale : NULL);
    }
    for (int i = 0; i < CROWD; ++i)
        tally_wait(&diaries[i].sessions, 1);
    for (unsigned round = 1; round <= 5; ++round) {
        for (int i = 0; i < CROWD; ++i)
            expect_ok(say(clients[i], "hello"));
        for (int i = 0; i < CROWD; ++i)
            tally_wait(&diaries[i].messages, round);
    }
    assert_int_equal(cryo_server_session_count(server), CROWD);
    for (int i = 0; i < CROWD; ++i) {
        cryo_client_free(clients[i]);
        assert_int_equal(tally_now(&diaries[i].closings), 1);
        assert_int_equal(tally_now(&diaries[i].disconnects) + tally_now(&diaries[i].failures), 0);
    }
    cryo_server_free(server);
}

static void two_hundred_at_once(void **state) {
    (void)state;
    a_crowd(false);
    a_crowd(true);
}

static void throw_out(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)kind, (void)data, (void)len, (void)user;
    cryo_session_close(session, 1001, "once more");
}

static void a_hundred_losses_in_a_row(void **state) {
    (void)state;
    for (int cale = 0; cale < 2; ++cale) {
        diary d;
        diary_init(&d);
        cryo_server *const server =
            app_start(&(app){.threads = 2, .on_message = throw_out, .tune = cale ? want_cale_server : NULL});
        cryo_client *const client = start_client(&d, cryo_server_port(server), cale ? want_cale : NULL);
        tally_wait(&d.sessions, 1);
        for (unsigned i = 1; i <= LOSSES; ++i) {
            expect_ok(say(client, "throw me out"));
            tally_wait(&d.reconnects, i);
            assert_int_equal(tally_now(&d.disconnects), i);
        }
        assert_int_equal(cryo_session_is_secure(cryo_client_session(client)), cale);
        cryo_client_free(client);
        assert_int_equal(tally_now(&d.sessions), 1);
        assert_int_equal(tally_now(&d.closings), 1);
        cryo_server_free(server);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_thousand_messages_each_way),
        cmocka_unit_test(two_hundred_at_once),
        cmocka_unit_test(a_hundred_losses_in_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
