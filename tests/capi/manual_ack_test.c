// Messages that the application acknowledges when it is done with them.
#include "talk.h"

#include <stdio.h>
#include <string.h>

enum { MOST = 8 };

typedef struct worker {
    talk t; // first: its functions get this
    uint64_t ids[64];
    bool at_once;
} worker;

static void take_work(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    worker *const w = user;
    const uint64_t id = cryo_message_id(session);
    pthread_mutex_lock(&w->t.messages.mutex);
    w->ids[w->t.messages.count % 64] = id;
    pthread_mutex_unlock(&w->t.messages.mutex);
    if (w->at_once) expect_ok(cryo_message_ack(session, id));
    talk_on_message(session, kind, data, len, user);
}

static void by_hand(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_manual_ack(options, 1));
    expect_ok(cryo_server_options_set_max_unacknowledged(options, MOST));
    expect_status(cryo_server_options_set_max_unacknowledged(options, 0), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_manual_ack(options, 2), CRYO_ERR_INVALID);
}
static void by_hand_with_a_window(cryo_server_options *options) {
    by_hand(options);
    expect_ok(cryo_server_options_set_resume_window_ms(options, 600 * 1000));
}

static void worker_start(worker *w, app what) {
    memset(w, 0, sizeof *w);
    what.on_message = take_work;
    talk_start(&w->t, &what);
}

static void expect_ack(peer *p, uint32_t number) {
    assert_true(peer_receive_type(p, PEER_ACK));
    assert_int_equal(p->number, number);
}

static void it_is_off(void **state) {
    (void)state;
    worker w;
    worker_start(&w, (app){.threads = 1});
    peer_send_text(&w.t.client, "a");
    expect_ack(&w.t.client, 0);
    tally_wait(&w.t.messages, 1);
    assert_int_equal(w.ids[0], 0);
    expect_status(cryo_message_ack(w.t.session, 1), CRYO_ERR_STATE);
    talk_end(&w.t);
}

static void an_ack_comes_when_the_application_says_so(void **state) {
    (void)state;
    worker w;
    worker_start(&w, (app){.threads = 1, .tune = by_hand});
    for (int i = 0; i < 3; ++i)
        peer_send_text(&w.t.client, "a");
    tally_wait(&w.t.messages, 3);
    assert_int_equal(cryo_message_id(w.t.session), 0); // not inside of the function
    expect_status(cryo_message_ack(w.t.session, 0), CRYO_ERR_STATE);
    expect_status(cryo_message_ack(w.t.session, 1), CRYO_ERR_STATE);
    expect_ok(cryo_message_ack(w.t.session, w.ids[2]));
    expect_ack(&w.t.client, 2);
    expect_ok(cryo_message_ack(w.t.session, w.ids[0]));
    expect_ok(cryo_message_ack(w.t.session, w.ids[0]));     // a second time does nothing
    expect_ok(cryo_message_ack(w.t.session, w.ids[2] + 5)); // nor what was never told
    expect_ok(cryo_message_ack(w.t.session, w.ids[1]));
    expect_ack(&w.t.client, 0);
    expect_ack(&w.t.client, 1);
    w.at_once = true;
    peer_send_text(&w.t.client, "b");
    expect_ack(&w.t.client, 3);
    assert_int_equal(peer_close(&w.t.client, 1000, ""), 1000);
    tally_wait(&w.t.closings, 1);
    expect_status(cryo_message_ack(w.t.session, w.ids[0]), CRYO_ERR_CLOSED);
    talk_end(&w.t);
}

static void no_more_than_it_may_have(void **state) {
    (void)state;
    worker w;
    worker_start(&w, (app){.threads = 1, .tune = by_hand});
    for (int i = 0; i < 3 * MOST; ++i)
        peer_send_text(&w.t.client, "a");
    tally_wait(&w.t.messages, MOST);
    peer_send_frame(&w.t.client, PEER_PING_PONG, 3 * MOST, "ping", 4);
    assert_true(peer_receive_type(&w.t.client, PEER_PING_PONG));
    assert_int_equal(tally_now(&w.t.messages), MOST);
    for (unsigned i = 0; i < 3 * MOST; ++i) {
        tally_wait(&w.t.messages, i + 1);
        expect_ok(cryo_message_ack(w.t.session, w.ids[i]));
        expect_ack(&w.t.client, i);
    }
    tally_wait(&w.t.messages, 3 * MOST);
    talk_end(&w.t);
}

// What was not done when a connection broke is not among what the server says it has got: it comes again.
static void what_was_not_done_comes_again(void **state) {
    (void)state;
    worker w;
    memset(&w, 0, sizeof w);
    talk_listen(&w.t, &(app){.threads = 1, .tune = by_hand_with_a_window, .on_message = take_work});
    peer_dial_with(&w.t.client, cryo_server_port(w.t.server), TOKEN, "&x-cryo-resume=new");
    assert_int_equal(peer_answer(&w.t.client), 101);
    tally_wait(&w.t.sessions, 1);
    char point[32];
    const char *const first = strstr(w.t.client.head, "X-Cryo-Resume: ");
    assert_non_null(first);
    assert_int_equal(sscanf(first, "X-Cryo-Resume: %31[0-9a-f].", point), 1);
    for (int i = 0; i < 4; ++i)
        peer_send_text(&w.t.client, "a");
    tally_wait(&w.t.messages, 4);
    expect_ok(cryo_message_ack(w.t.session, w.ids[0]));
    expect_ack(&w.t.client, 0);
    expect_ok(cryo_message_ack(w.t.session, w.ids[2]));
    expect_ack(&w.t.client, 2);

    peer again;
    char resume[96];
    peer_init(&again);
    memcpy(again.sid, w.t.client.sid, sizeof again.sid);
    memcpy(again.id, w.t.client.id, sizeof again.id);
    again.numbers = 4;
    peer_reset(&w.t.client);
    w.t.client = again;
    snprintf(resume, sizeof resume, "&x-cryo-resume=%s.0", point);
    peer_dial_with(&w.t.client, cryo_server_port(w.t.server), TOKEN, resume);
    assert_int_equal(peer_answer(&w.t.client), 101);
    char has[64];
    snprintf(has, sizeof has, "X-Cryo-Resume: %s.1\r\n", point); // as far as to number 0
    assert_non_null(strstr(w.t.client.head, has));
    peer_send_text(&w.t.client, "again");
    tally_wait(&w.t.messages, 5);
    expect_status(cryo_message_ack(w.t.session, w.ids[1]), CRYO_ERR_STATE);
    expect_status(cryo_message_ack(w.t.session, w.ids[3]), CRYO_ERR_STATE);
    expect_ok(cryo_message_ack(w.t.session, w.ids[4]));
    expect_ack(&w.t.client, 4);
    talk_end(&w.t);
}

static void stop_it(cryo_hook *hook, cryo_session *session, int32_t kind, const uint8_t *data, size_t len,
                    void *user) {
    (void)session, (void)kind, (void)user;
    expect_ok(len == 4 && memcmp(data, "stop", 4) == 0 ? cryo_hook_stop(hook) : cryo_hook_pass(hook));
}

static void what_an_extension_stops_is_done(void **state) {
    (void)state;
    worker w;
    cryo_extension *extension = NULL;
    worker_start(&w, (app){.threads = 1, .tune = by_hand});
    expect_ok(cryo_extension_new("stopper", NULL, NULL, &extension));
    expect_ok(cryo_extension_set_hook(extension, CRYO_ON_RECEIVE, CRYO_UTF8, stop_it));
    expect_ok(cryo_server_add_extension(w.t.server, extension));
    cryo_extension_free(extension);
    peer_send_text(&w.t.client, "pass");
    peer_send_text(&w.t.client, "stop");
    expect_ack(&w.t.client, 1);
    tally_wait(&w.t.messages, 1);
    expect_ok(cryo_message_ack(w.t.session, w.ids[0]));
    expect_ack(&w.t.client, 0);
    talk_end(&w.t);
}

static void out_of_a_queue(void **state) {
    (void)state;
    cryo_queue *queue = NULL;
    expect_ok(cryo_queue_new(&queue));
    cryo_server *const server =
        app_start(&(app){.threads = 1, .queue = queue, .on_validate = accept_everybody, .tune = by_hand});
    peer p;
    assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
    peer_send_text(&p, "a");
    peer_send_text(&p, "b");
    for (uint32_t i = 0; i < 2; ++i) {
        cryo_event *const event = next_event(queue, CRYO_EVENT_MESSAGE);
        assert_true(cryo_event_message_id(event) != 0);
        expect_ok(cryo_message_ack(cryo_event_session(event), cryo_event_message_id(event)));
        cryo_event_free(event);
        expect_ack(&p, i);
    }
    peer_hang_up(&p);
    cryo_server_free(server);
    cryo_queue_free(queue);
}

static uint16_t same_port = 0;
static void by_hand_on_the_same_port(cryo_server_options *options) {
    by_hand(options);
    expect_ok(cryo_server_options_set_port(options, same_port));
}

// A server that ends before its application is done, as one whose process dies: the next one gets the
// message.
static void a_client_sends_it_to_the_next_server(void **state) {
    (void)state;
    worker w, next;
    char url[64];
    cryo_client_options *options = NULL;
    cryo_client *client = NULL;
    memset(&w, 0, sizeof w);
    memset(&next, 0, sizeof next);
    talk_listen(&w.t, &(app){.threads = 1, .tune = by_hand, .on_message = take_work});
    same_port = cryo_server_port(w.t.server);
    snprintf(url, sizeof url, "ws://127.0.0.1:%u", same_port);
    expect_ok(cryo_client_options_new(&options));
    expect_ok(cryo_client_options_set_url(options, url));
    expect_ok(cryo_client_options_set_token(options, TOKEN));
    expect_ok(cryo_client_options_set_resend(options, 1));
    expect_ok(cryo_client_options_set_reconnect_initial_ms(options, 10));
    expect_ok(cryo_client_options_set_reconnect_max_ms(options, 50));
    expect_ok(cryo_client_new(options, &client));
    expect_ok(cryo_client_start(client));
    cryo_session *const session = cryo_client_session(client);
    expect_ok(send_text(session, "done"));
    expect_ok(send_text(session, "not done"));
    tally_wait(&w.t.messages, 2);
    expect_ok(cryo_message_ack(w.t.session, w.ids[0]));
    talk_end(&w.t);

    talk_listen(&next.t, &(app){.threads = 1, .tune = by_hand_on_the_same_port, .on_message = take_work});
    tally_wait(&next.t.messages, 1);
    assert_string_equal(next.t.last_message, "not done");
    expect_ok(cryo_message_ack(next.t.session, next.ids[0]));
    expect_ok(send_text(session, "more"));
    tally_wait(&next.t.messages, 2);
    assert_string_equal(next.t.last_message, "more");
    cryo_client_free(client);
    cryo_client_options_free(options);
    talk_end(&next.t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_off),
        cmocka_unit_test(an_ack_comes_when_the_application_says_so),
        cmocka_unit_test(no_more_than_it_may_have),
        cmocka_unit_test(what_was_not_done_comes_again),
        cmocka_unit_test(what_an_extension_stops_is_done),
        cmocka_unit_test(out_of_a_queue),
        cmocka_unit_test(a_client_sends_it_to_the_next_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
