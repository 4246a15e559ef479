// A client against a server of the same library: connected, heard, lost, back again, refused, closed.
#include "client_app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void echo(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)user;
    cryo_session_send(session, kind, data, len);
}
static void close_on_bye(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    if (len == 3 && memcmp(data, "bye", 3) == 0)
        cryo_session_close(session, *(int32_t *)user, "as told");
    else
        echo(session, kind, data, len, user);
}
static void wrong_token(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token, (void)len, (void)user;
    cryo_auth_reject(auth, "Not you.");
}

static void want_cale_server(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_cale(options, 1));
}
static void want_cale(cryo_client_options *options) {
    expect_ok(cryo_client_options_set_cale(options, 1));
}
static void once_only(cryo_client_options *options) {
    expect_ok(cryo_client_options_set_reconnect_attempts(options, 0));
}
static void keep(cryo_client_options *options) {
    expect_ok(cryo_client_options_set_resend(options, 1));
}

static void converse(bool cale) {
    diary d;
    diary_init(&d);
    cryo_server *const server =
        app_start(&(app){.threads = 1, .on_message = echo, .tune = cale ? want_cale_server : NULL});
    cryo_client *const client = start_client(&d, cryo_server_port(server), cale ? want_cale : NULL);
    tally_wait(&d.sessions, 1);
    cryo_session *const session = cryo_client_session(client);
    assert_int_equal(cryo_session_is_open(session), 1);
    assert_int_equal(cryo_session_is_secure(session), cale);
    for (unsigned i = 1; i <= 200; ++i) {
        char text[32];
        snprintf(text, sizeof text, "message %u", i);
        expect_ok(say(client, text));
        tally_wait(&d.messages, i);
        assert_string_equal(d.message, text);
    }
    double rtt = -1;
    expect_ok(cryo_session_stat(session, CRYO_STAT_RTT, &rtt));
    assert_true(rtt >= 0);
    uint8_t mine[16];
    cryo_session *there = NULL;
    expect_ok(cryo_session_id(session, mine));
    expect_ok(cryo_server_find_session(server, mine, &there));
    char path[32];
    expect_ok(cryo_session_path(there, path, sizeof path, NULL));
    assert_string_equal(path, "/path");
    expect_ok(cryo_session_parameter(there, "a", path, sizeof path, NULL));
    assert_string_equal(path, "b");
    cryo_session_release(there);
    expect_ok(cryo_client_close(client, 4321, "enough"));
    expect_status(cryo_client_close(client, 4321, "enough"), CRYO_ERR_CLOSED);
    expect_ok(cryo_client_wait(client, PEER_PATIENCE_MS));
    assert_int_equal(tally_now(&d.closings), 1);
    assert_int_equal(d.code, 4321);
    assert_string_equal(d.reason, "enough");
    expect_status(say(client, "late"), CRYO_ERR_CLOSED);
    assert_int_equal(tally_now(&d.disconnects) + tally_now(&d.failures) + tally_now(&d.lost), 0);
    cryo_client_free(client);
    cryo_server_free(server);
}

static void a_conversation(void **state) {
    (void)state;
    converse(false);
}
static void a_conversation_with_cale(void **state) {
    (void)state;
    converse(true);
}

// 65 535 bytes are more than one write takes, and several of them wait for one another.
static void large_messages(void **state) {
    (void)state;
    diary d;
    diary_init(&d);
    cryo_server *const server = app_start(&(app){.threads = 1, .on_message = echo});
    cryo_client *const client = start_client(&d, cryo_server_port(server), NULL);
    tally_wait(&d.sessions, 1);
    const size_t size = 4 << 20;
    uint8_t *const data = malloc(size);
    assert_non_null(data);
    memset(data, 'x', size);
    for (int i = 0; i < 3; ++i)
        expect_ok(cryo_session_send(cryo_client_session(client), CRYO_BINARY, data, size >> (2 * i)));
    tally_wait(&d.messages, 3);
    free(data);
    cryo_client_free(client);
    assert_int_equal(d.code, CRYO_CLOSE_GRACEFUL);
    cryo_server_free(server);
}

static void ended_by_the_server(int32_t code, bool comes_back) {
    diary d;
    diary_init(&d);
    cryo_server *const server = app_start(&(app){.threads = 1, .on_message = close_on_bye, .user = &code});
    cryo_client *const client = start_client(&d, cryo_server_port(server), NULL);
    tally_wait(&d.sessions, 1);
    expect_ok(say(client, "bye"));
    if (comes_back) {
        tally_wait(&d.reconnects, 1);
        assert_int_equal(tally_now(&d.disconnects), 1);
        expect_ok(say(client, "again"));
        tally_wait(&d.messages, 1);
        assert_string_equal(d.message, "again");
        assert_int_equal(tally_now(&d.closings), 0);
    } else {
        tally_wait(&d.closings, 1);
        assert_int_equal(d.code, code);
        assert_string_equal(d.reason, "as told");
        assert_int_equal(tally_now(&d.disconnects), 0);
    }
    cryo_client_free(client);
    assert_int_equal(tally_now(&d.closings), 1);
    cryo_server_free(server);
}

static void it_comes_back_after_a_loss_and_not_after_an_end(void **state) {
    (void)state;
    ended_by_the_server(CRYO_CLOSE_SERVER_ERROR, true);
    ended_by_the_server(1001, true);
    ended_by_the_server(CRYO_CLOSE_GRACEFUL, false);
    ended_by_the_server(CRYO_CLOSE_CLIENT_ERROR, false);
    ended_by_the_server(CRYO_CLOSE_CALE_MISMATCH, false);
}

static void a_refused_token(void **state) {
    (void)state;
    diary d;
    diary_init(&d);
    cryo_server *const server = app_start(&(app){.threads = 1, .on_validate = wrong_token});
    cryo_client *const client = start_client(&d, cryo_server_port(server), NULL);
    expect_ok(cryo_client_wait(client, PEER_PATIENCE_MS));
    assert_int_equal(tally_now(&d.failures), 1);
    assert_int_equal(d.status, CRYO_ERR_HTTP);
    assert_int_equal(d.http_status, 401);
    assert_int_equal(d.retry_ms, -1);
    assert_int_equal(d.code, CRYO_CLOSE_ABNORMAL);
    assert_int_equal(tally_now(&d.sessions), 0);
    if (strstr(d.reason, "401") == NULL) fail_msg("no word of 401: %s", d.reason);
    cryo_client_free(client);
    cryo_server_free(server);
}

static void nobody_listens(void **state) {
    (void)state;
    diary d;
    diary_init(&d);
    cryo_server *const server = app_start(&(app){.threads = 1});
    const uint16_t port = cryo_server_port(server);
    cryo_server_free(server);
    cryo_client *const once = start_client(&d, port, once_only);
    expect_ok(cryo_client_wait(once, PEER_PATIENCE_MS));
    assert_int_equal(d.status, CRYO_ERR_CONNECT);
    assert_int_equal(d.retry_ms, -1);
    cryo_client_free(once);

    diary_init(&d);
    cryo_client *const patient = start_client(&d, port, NULL);
    tally_wait(&d.failures, 3);
    assert_true(d.retry_ms >= 0 && d.retry_ms <= 50);
    expect_status(say(patient, "into the void"), CRYO_ERR_STATE);
    expect_ok(cryo_client_close(patient, 4000, "given up"));
    expect_ok(cryo_client_wait(patient, PEER_PATIENCE_MS));
    assert_int_equal(d.code, 4000);
    assert_string_equal(d.reason, "given up");
    cryo_client_free(patient);
}

static void one_wants_cale_and_the_other_not(void **state) {
    (void)state;
    diary d;
    diary_init(&d);
    cryo_server *const server = app_start(&(app){.threads = 1, .tune = want_cale_server});
    cryo_client *const client = start_client(&d, cryo_server_port(server), NULL);
    tally_wait(&d.closings, 1);
    assert_int_equal(d.code, CRYO_CLOSE_CALE_MISMATCH);
    cryo_client_free(client);
    cryo_server_free(server);
}

// What was sent while nobody was there arrives once somebody is.
static void what_waits_is_sent(void **state) {
    (void)state;
    diary d;
    diary_init(&d);
    int32_t code = CRYO_CLOSE_SERVER_ERROR;
    cryo_server *const server = app_start(&(app){.threads = 1, .on_message = close_on_bye, .user = &code});
    cryo_client *const client = start_client(&d, cryo_server_port(server), keep);
    expect_ok(say(client, "early")); // connected or not
    tally_wait(&d.messages, 1);
    expect_ok(say(client, "bye"));
    expect_ok(say(client, "after"));
    tally_wait(&d.messages, 2);
    assert_string_equal(d.message, "after");
    assert_int_equal(tally_now(&d.lost), 0);
    cryo_client_free(client);
    cryo_server_free(server);
}

static void keep_three(cryo_client_options *options) {
    keep(options);
    expect_ok(cryo_client_options_set_max_queue_count(options, 3));
}

// Also for other threads than the client's.
static void what_waits_is_bounded(void **state) {
    (void)state;
    diary d;
    diary_init(&d);
    cryo_server *const server = app_start(&(app){.threads = 1});
    const uint16_t port = cryo_server_port(server);
    cryo_server_free(server);
    cryo_client *const client = start_client(&d, port, keep_three);
    tally_wait(&d.failures, 1);
    for (int i = 0; i < 3; ++i)
        expect_ok(say(client, "waits"));
    expect_status(say(client, "is one too many"), CRYO_ERR_FULL);
    tally_wait(&d.failures, tally_now(&d.failures) + 2);
    expect_status(say(client, "is still one too many"), CRYO_ERR_FULL);
    cryo_client_free(client);
    assert_int_equal(tally_now(&d.lost), 3);
    assert_int_equal(tally_now(&d.closings), 1);
}

static void a_loop_of_the_application_s(void **state) {
    (void)state;
    cryo_loop *loop = NULL;
    diary diaries[3];
    cryo_client *clients[3];
    expect_ok(cryo_loop_new(&loop));
    assert_true(cryo_loop_fd(loop) >= 0);
    cryo_server *const server = app_start(&(app){.threads = 1, .on_message = echo});
    for (int i = 0; i < 3; ++i) {
        diary_init(&diaries[i]);
        clients[i] = make_client(&diaries[i], cryo_server_port(server), NULL, loop);
        expect_ok(cryo_client_start(clients[i]));
        expect_status(cryo_client_start(clients[i]), CRYO_ERR_STATE);
        expect_status(cryo_client_wait(clients[i], 0), CRYO_ERR_STATE);
    }
    for (int i = 0; i < 3; ++i) {
        while (tally_now(&diaries[i].sessions) == 0)
            expect_ok(cryo_loop_run_once(loop, -1));
        expect_ok(say(clients[i], "hello"));
        while (tally_now(&diaries[i].messages) == 0)
            expect_ok(cryo_loop_run_once(loop, -1));
    }
    for (int i = 0; i < 3; ++i) {
        cryo_client_free(clients[i]);
        assert_int_equal(tally_now(&diaries[i].closings), 1);
    }
    cryo_loop_free(loop);
    cryo_server_free(server);
}

static void events_are_pulled(void **state) {
    (void)state;
    cryo_queue *queue = NULL;
    cryo_events *events = NULL;
    cryo_client_options *options = NULL;
    cryo_client *client = NULL;
    cryo_server *const server = app_start(&(app){.threads = 1, .on_validate = wrong_token});
    char url[64];
    snprintf(url, sizeof url, "ws://127.0.0.1:%u", (unsigned)cryo_server_port(server));
    expect_ok(cryo_queue_new(&queue));
    expect_ok(cryo_events_new(NULL, NULL, &events));
    expect_ok(cryo_events_use_queue(events, queue));
    expect_ok(cryo_client_options_new(&options));
    expect_status(cryo_client_new(options, &client), CRYO_ERR_INVALID);
    expect_status(cryo_client_options_set_url(options, "http://example.com"), CRYO_ERR_INVALID);
    expect_ok(cryo_client_options_set_url(options, url));
    expect_status(cryo_client_new(options, &client), CRYO_ERR_INVALID);
    expect_ok(cryo_client_options_set_token(options, TOKEN));
    expect_ok(cryo_client_options_set_events(options, events));
    expect_ok(cryo_client_new(options, &client));
    expect_ok(cryo_client_start(client));
    cryo_event *event = next_event(queue, CRYO_EVENT_ATTEMPT_FAILED);
    assert_int_equal(cryo_event_code(event), CRYO_ERR_HTTP);
    assert_int_equal(cryo_event_http_status(event), 401);
    assert_true(cryo_event_value(event) == -1);
    assert_ptr_equal(cryo_event_session(event), cryo_client_session(client));
    cryo_event_free(event);
    event = next_event(queue, CRYO_EVENT_CLOSED);
    assert_int_equal(cryo_event_code(event), CRYO_CLOSE_ABNORMAL);
    cryo_event_free(event);
    cryo_client_free(client);
    cryo_client_options_free(options);
    cryo_events_free(events);
    cryo_queue_free(queue);
    cryo_server_free(server);
}

typedef struct arrival {
    tally sessions;
    cryo_session *session; // retained
} arrival;
static void note_arrival(cryo_session *session, void *user) {
    arrival *const a = user;
    a->session = cryo_session_retain(session);
    tally_add(&a->sessions);
}

// As cryo serve prints them, to be pasted.
static void token_and_id_in_the_url(void **state) {
    (void)state;
    cryo_client_options *options = NULL;
    cryo_client *client = NULL;
    const char *const wrong[] = {"ws://h/?authorization=" TOKEN,         // not Bearer
                                 "ws://h/?authorization=Bearer%20",      // empty
                                 "ws://h/?authorization=Bearer%20a%00b", // a zero byte
                                 "ws://h/?a=b&x-cryo-sid=nonsense&c=d"};
    expect_ok(cryo_client_options_new(&options));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i)
        expect_status(cryo_client_options_set_url(options, wrong[i]), CRYO_ERR_INVALID);

    arrival at = {.sessions = TALLY_INIT};
    cryo_server *const server = app_start(&(app){.threads = 1, .on_session = note_arrival, .user = &at});
    char url[256];
    const char *const id = "8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a";
    snprintf(url, sizeof url,
             "ws://127.0.0.1:%u/?a=b&%%61uthorization=Bearer+" TOKEN "&x-cryo-sid=%s&x-cryo-resume=new&c=d",
             (unsigned)cryo_server_port(server), id);
    expect_ok(cryo_client_options_set_url(options, url));
    expect_ok(cryo_client_new(options, &client));
    char text[37];
    expect_ok(cryo_session_id_text(cryo_client_session(client), text, sizeof text, NULL));
    assert_string_equal(text, id);
    expect_ok(cryo_client_start(client));
    tally_wait(&at.sessions, 1);
    cryo_session *const seen = at.session;
    uint8_t raw[16];
    expect_ok(cryo_session_id(seen, raw));
    char value[64];
    expect_ok(cryo_session_token(seen, value, sizeof value, NULL));
    assert_string_equal(value, TOKEN);
    expect_ok(cryo_session_parameter(seen, "a", value, sizeof value, NULL));
    assert_string_equal(value, "b");
    expect_ok(cryo_session_parameter(seen, "c", value, sizeof value, NULL));
    assert_string_equal(value, "d");
    expect_status(cryo_session_parameter(seen, "x-cryo-resume", value, sizeof value, NULL),
                  CRYO_ERR_NOT_FOUND);
    cryo_session_release(seen);
    cryo_client_free(client);

    // The same said twice is no contradiction.
    expect_ok(cryo_client_options_set_token(options, TOKEN));
    expect_ok(cryo_client_options_set_session_id(options, raw));
    expect_ok(cryo_client_new(options, &client));
    cryo_client_free(client);
    expect_ok(cryo_client_options_set_token(options, "another"));
    expect_status(cryo_client_new(options, &client), CRYO_ERR_INVALID);
    assert_non_null(strstr(cryo_last_error(), "authorization"));
    expect_ok(cryo_client_options_set_token(options, TOKEN));
    raw[0] ^= 1;
    expect_ok(cryo_client_options_set_session_id(options, raw));
    expect_status(cryo_client_new(options, &client), CRYO_ERR_INVALID);
    assert_non_null(strstr(cryo_last_error(), "x-cryo-sid"));
    expect_status(cryo_client_options_add_parameter(options, "x-cryo-resume", "new"), CRYO_ERR_INVALID);
    cryo_client_options_free(options);
    cryo_server_free(server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_conversation),
        cmocka_unit_test(a_conversation_with_cale),
        cmocka_unit_test(large_messages),
        cmocka_unit_test(it_comes_back_after_a_loss_and_not_after_an_end),
        cmocka_unit_test(a_refused_token),
        cmocka_unit_test(nobody_listens),
        cmocka_unit_test(one_wants_cale_and_the_other_not),
        cmocka_unit_test(what_waits_is_sent),
        cmocka_unit_test(what_waits_is_bounded),
        cmocka_unit_test(a_loop_of_the_application_s),
        cmocka_unit_test(events_are_pulled),
        cmocka_unit_test(token_and_id_in_the_url),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
