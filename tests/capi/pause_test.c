// A session that is told to keep what it receives for a while.
#include "talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGES = 5 };

typedef struct reader {
    talk t; // first: its functions get this
    char all[256];
    bool pause_at_first;
} reader;

static void read_on(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    reader *const r = user;
    pthread_mutex_lock(&r->t.messages.mutex);
    if (len < 8) strncat(r->all, (const char *)data, len);
    pthread_mutex_unlock(&r->t.messages.mutex);
    if (r->pause_at_first) expect_ok(cryo_session_pause_reading(session));
    r->pause_at_first = false;
    talk_on_message(session, kind, data, len, user);
}

static void reader_start(reader *r, app what) {
    memset(r, 0, sizeof *r);
    what.on_message = read_on;
    talk_start(&r->t, &what);
}

static void send_letters(peer *p, const char *letters) {
    for (; *letters != '\0'; ++letters) {
        const char text[2] = {*letters, '\0'};
        peer_send_text(p, text);
    }
}

static void nothing_comes_until_it_is_wanted(void **state) {
    (void)state;
    for (int inside = 0; inside < 2; ++inside) {
        reader r;
        reader_start(&r, (app){.threads = 1});
        r.pause_at_first = inside != 0;
        if (!inside) {
            expect_ok(cryo_session_pause_reading(r.t.session));
            expect_ok(cryo_session_pause_reading(r.t.session)); // twice is once
        }
        send_letters(&r.t.client, "abcde");
        for (uint32_t i = 0; i < MESSAGES; ++i) { // acknowledged all the same
            assert_true(peer_receive_type(&r.t.client, PEER_ACK));
            assert_int_equal(r.t.client.number, i);
        }
        peer_send_frame(&r.t.client, PEER_PING_PONG, 77, "ping", 4); // and heard
        assert_true(peer_receive_type(&r.t.client, PEER_PING_PONG));
        assert_int_equal(tally_now(&r.t.messages), inside);
        expect_ok(send_text(r.t.session, "there"));
        assert_true(peer_hears(&r.t.client, "there"));
        expect_ok(cryo_session_resume_reading(r.t.session));
        tally_wait(&r.t.messages, MESSAGES);
        assert_string_equal(r.all, "abcde");
        expect_ok(cryo_session_resume_reading(r.t.session));
        send_letters(&r.t.client, "fg");
        tally_wait(&r.t.messages, MESSAGES + 2);
        assert_string_equal(r.all, "abcdefg");
        talk_end(&r.t);
    }
}

// More than is kept: the peer is held up, and not taken for dead.
static void a_paused_session_lives(void **state) {
    (void)state;
    static char big[20000];
    reader r;
    reader_start(&r, (app){.threads = 1, .keepalive_ms = 50});
    expect_ok(cryo_session_pause_reading(r.t.session));
    memset(big, 'x', sizeof big);
    for (int i = 0; i < 8; ++i)
        peer_send_binary(&r.t.client, big, sizeof big);
    const unsigned before = tally_now(&r.t.stats);
    tally_wait(&r.t.stats, before + 10 * 3); // ten ticks, whose pings nobody answers
    assert_int_equal(cryo_session_is_open(r.t.session), 1);
    assert_int_equal(tally_now(&r.t.messages), 0);
    expect_ok(cryo_session_resume_reading(r.t.session));
    tally_wait(&r.t.messages, 8);
    talk_end(&r.t);
}

static void what_is_kept_comes_before_the_end(void **state) {
    (void)state;
    for (int reset = 0; reset < 2; ++reset) {
        reader r;
        reader_start(&r, (app){.threads = 1});
        expect_ok(cryo_session_pause_reading(r.t.session));
        send_letters(&r.t.client, "abc");
        for (int i = 0; i < 3; ++i)
            assert_true(peer_receive_type(&r.t.client, PEER_ACK));
        if (reset)
            peer_reset(&r.t.client);
        else
            assert_int_equal(peer_close(&r.t.client, 1000, "bye"), 1000);
        tally_wait(&r.t.closings, 1);
        assert_int_equal(tally_now(&r.t.messages), 3);
        assert_string_equal(r.all, "abc");
        expect_status(cryo_session_pause_reading(r.t.session), CRYO_ERR_CLOSED);
        expect_status(cryo_session_resume_reading(r.t.session), CRYO_ERR_CLOSED);
        talk_end(&r.t);
    }
}

static void our_close_drops_it(void **state) {
    (void)state;
    reader r;
    reader_start(&r, (app){.threads = 1});
    expect_ok(cryo_session_pause_reading(r.t.session));
    send_letters(&r.t.client, "abc");
    for (int i = 0; i < 3; ++i)
        assert_true(peer_receive_type(&r.t.client, PEER_ACK));
    expect_ok(cryo_session_close(r.t.session, CRYO_CLOSE_GRACEFUL, NULL));
    assert_int_equal(peer_wait_for_close(&r.t.client), CRYO_CLOSE_GRACEFUL);
    tally_wait(&r.t.closings, 1);
    assert_int_equal(tally_now(&r.t.messages), 0);
    talk_end(&r.t);
}

static tally reconnections = TALLY_INIT;
static void note_reconnection(cryo_session *session, void *user) {
    (void)session, (void)user;
    tally_add(&reconnections);
}
static void with_a_resume_window(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_resume_window_ms(options, 600 * 1000));
}

static void a_pause_outlives_a_connection(void **state) {
    (void)state;
    reader r;
    reader_start(&r, (app){.threads = 4, .tune = with_a_resume_window, .on_reconnected = note_reconnection});
    expect_ok(cryo_session_pause_reading(r.t.session));
    send_letters(&r.t.client, "ab");
    for (int i = 0; i < 2; ++i)
        assert_true(peer_receive_type(&r.t.client, PEER_ACK));
    for (unsigned round = 1; round <= 4; ++round) { // on each of the loops in turn
        peer again;
        peer_init(&again);
        memcpy(again.sid, r.t.client.sid, sizeof again.sid);
        memcpy(again.id, r.t.client.id, sizeof again.id);
        peer_reset(&r.t.client);
        r.t.client = again;
        peer_dial_with(&r.t.client, cryo_server_port(r.t.server), TOKEN, "");
        assert_int_equal(peer_answer(&r.t.client), 101);
        tally_wait(&reconnections, round);
        const char text[2] = {(char)('b' + round), '\0'};
        peer_send_text(&r.t.client, text);
        assert_true(peer_receive_type(&r.t.client, PEER_ACK));
    }
    assert_int_equal(tally_now(&r.t.messages), 0);
    expect_ok(cryo_session_resume_reading(r.t.session));
    tally_wait(&r.t.messages, 6);
    assert_string_equal(r.all, "abcdef");
    talk_end(&r.t);
}

// A client's end can be paused as well.
static void a_client_is_paused(void **state) {
    (void)state;
    talk t;
    char url[64];
    cryo_queue *queue = NULL;
    cryo_events *events = NULL;
    cryo_client_options *options = NULL;
    cryo_client *client = NULL;
    talk_listen(&t, &(app){.threads = 1});
    snprintf(url, sizeof url, "ws://127.0.0.1:%u", cryo_server_port(t.server));
    expect_ok(cryo_queue_new(&queue));
    expect_ok(cryo_events_new(NULL, NULL, &events));
    expect_ok(cryo_events_use_queue(events, queue));
    expect_ok(cryo_client_options_new(&options));
    expect_ok(cryo_client_options_set_url(options, url));
    expect_ok(cryo_client_options_set_token(options, TOKEN));
    expect_ok(cryo_client_options_set_events(options, events));
    expect_ok(cryo_client_new(options, &client));
    expect_ok(cryo_client_start(client));
    cryo_event_free(next_event(queue, CRYO_EVENT_SESSION));
    tally_wait(&t.sessions, 1);
    cryo_session *const session = cryo_client_session(client);
    expect_ok(cryo_session_pause_reading(session));
    expect_ok(cryo_session_send_with(t.session, CRYO_UTF8, (const uint8_t *)"a", 1, NULL, 0));
    expect_ok(send_text(session, "b"));
    tally_wait(&t.messages, 1); // it lives
    cryo_event *event = NULL;
    expect_status(cryo_queue_next(queue, 50, &event), CRYO_ERR_TIMEOUT);
    expect_ok(cryo_session_resume_reading(session));
    cryo_event_free(next_event(queue, CRYO_EVENT_MESSAGE));

    expect_ok(cryo_session_pause_reading(session));
    expect_ok(send_text(t.session, "last"));
    expect_ok(cryo_session_close(t.session, CRYO_CLOSE_GRACEFUL, NULL)); // for good
    event = next_event(queue, CRYO_EVENT_MESSAGE);
    size_t len = 0;
    assert_memory_equal(cryo_event_data(event, &len), "last", 4);
    cryo_event_free(event);
    cryo_event_free(next_event(queue, CRYO_EVENT_CLOSED));
    cryo_client_free(client);
    cryo_client_options_free(options);
    cryo_events_free(events);
    cryo_queue_free(queue);
    talk_end(&t);
}

// Many threads that pause and resume, and each message once.
static void *toggle(void *session) {
    for (int i = 0; i < 200; ++i) {
        cryo_session_pause_reading(session);
        cryo_session_resume_reading(session);
    }
    return NULL;
}

static void from_any_thread(void **state) {
    (void)state;
    enum { THREADS = 3, COUNT = 300 };
    reader r;
    reader_start(&r, (app){.threads = 1});
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; ++i)
        threads[i] = run(toggle, r.t.session);
    for (int i = 0; i < COUNT; ++i)
        peer_send_binary(&r.t.client, "12345678", 8);
    for (int i = 0; i < THREADS; ++i)
        join(threads[i]);
    expect_ok(cryo_session_resume_reading(r.t.session));
    tally_wait(&r.t.messages, COUNT);
    assert_int_equal(peer_close(&r.t.client, 1000, ""), 1000);
    tally_wait(&r.t.closings, 1);
    assert_int_equal(tally_now(&r.t.messages), COUNT);
    talk_end(&r.t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_comes_until_it_is_wanted),
        cmocka_unit_test(a_paused_session_lives),
        cmocka_unit_test(what_is_kept_comes_before_the_end),
        cmocka_unit_test(our_close_drops_it),
        cmocka_unit_test(a_pause_outlives_a_connection),
        cmocka_unit_test(a_client_is_paused),
        cmocka_unit_test(from_any_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
