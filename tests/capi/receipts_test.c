// Receipts over real connections: each message that asked for one hears of its end once, whatever happens to
// its connection and whichever thread sent it.
#include "client_app.h"
#include "talk.h"

#include <stdatomic.h>
#include <string.h>

enum { MOST = 20000 };

// What became of each message: receipts are 1, 2, 3, …
typedef struct ledger {
    atomic_uchar told[MOST + 1];     // how often
    atomic_uchar accepted[MOST + 1]; // by the send
    atomic_uint outcomes[6];         // how many of each
    atomic_bool closed;
    atomic_bool told_after_closed;
    tally all;
} ledger;

static ledger book;

static void open_book(void) {
    static const tally fresh = TALLY_INIT;
    memset(&book, 0, sizeof book);
    book.all = fresh;
}

static void note(cryo_session *session, uint64_t receipt, int32_t outcome, double rtt_ms, const char *by,
                 void *user) {
    (void)session, (void)user;
    assert_in_range(receipt, 1, MOST);
    assert_in_range(outcome, CRYO_RECEIPT_ACKNOWLEDGED, CRYO_RECEIPT_REFUSED);
    assert_true(outcome == CRYO_RECEIPT_ACKNOWLEDGED ? rtt_ms >= 0 : rtt_ms == -1);
    assert_true((strcmp(by, "") != 0) == (outcome == CRYO_RECEIPT_DROPPED || outcome == CRYO_RECEIPT_VETOED));
    if (atomic_load(&book.closed)) atomic_store(&book.told_after_closed, true);
    atomic_fetch_add(&book.told[receipt], 1);
    atomic_fetch_add(&book.outcomes[outcome], 1);
    tally_add(&book.all);
}

static cryo_status send_noted(cryo_session *session, uint64_t receipt, size_t size) {
    static const uint8_t zeros[64 * 1024];
    const cryo_status status = cryo_session_send_with(session, CRYO_BINARY, zeros, size, NULL, receipt);
    if (status == CRYO_OK) atomic_fetch_add(&book.accepted[receipt], 1);
    return status;
}

// Every message that was accepted, and no other.
static void check_book(void) {
    assert_false(atomic_load(&book.told_after_closed));
    for (size_t i = 0; i <= MOST; ++i)
        if (atomic_load(&book.told[i]) != atomic_load(&book.accepted[i]))
            fail_msg("receipt %zu was told %u times", i, (unsigned)atomic_load(&book.told[i]));
}

static void closed(cryo_session *session, int32_t code, const char *reason, void *user) {
    atomic_store(&book.closed, true);
    if (user != NULL) talk_on_closed(session, code, reason, user);
}

static void listen_to_receipts(talk *t, uint32_t threads, void (*tune)(cryo_server_options *options)) {
    open_book();
    talk_listen(t, &(app){.threads = threads, .on_closed = closed, .on_receipt = note, .tune = tune});
}

static void meet(talk *t) {
    peer_dial_with(&t->client, cryo_server_port(t->server), TOKEN, "");
    assert_int_equal(peer_answer(&t->client), 101);
    tally_wait(&t->sessions, 1);
}

static void the_peer_acknowledges(void **state) {
    (void)state;
    talk t;
    listen_to_receipts(&t, 1, NULL);
    meet(&t);
    for (uint64_t i = 1; i <= 100; ++i)
        expect_ok(send_noted(t.session, i, 10));
    for (int i = 0; i < 100; ++i)
        assert_true(peer_receive_type(&t.client, PEER_BINARY)); // and acknowledges
    tally_wait(&book.all, 100);
    assert_int_equal(atomic_load(&book.outcomes[CRYO_RECEIPT_ACKNOWLEDGED]), 100);
    talk_end(&t);
    check_book();
}

static void short_time(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_ack_timeout_ms(options, 30));
}

static void the_peer_says_nothing(void **state) {
    (void)state;
    talk t;
    listen_to_receipts(&t, 1, short_time);
    t.client.auto_ack = false;
    meet(&t);
    expect_ok(send_noted(t.session, 1, 10));
    tally_wait(&book.all, 1);
    assert_int_equal(atomic_load(&book.outcomes[CRYO_RECEIPT_TIMED_OUT]), 1);
    talk_end(&t);
    check_book();
}

static void few_receipts(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_max_receipts(options, 3));
}

static void no_more_are_owed_than_may_be(void **state) {
    (void)state;
    talk t;
    listen_to_receipts(&t, 1, few_receipts);
    meet(&t);
    for (uint64_t i = 1; i <= 3; ++i)
        expect_ok(send_noted(t.session, i, 10));
    expect_status(send_noted(t.session, 4, 10), CRYO_ERR_RECEIPTS_FULL);
    assert_non_null(strstr(cryo_last_error(), "max_receipts"));
    expect_ok(send_text(t.session, "without one"));
    expect_status(cryo_session_send_with(t.session, CRYO_BINARY, NULL, 0, "", 0),
                  CRYO_ERR_INVALID); // no such key
    for (int i = 0; i < 3; ++i)
        assert_true(peer_receive_type(&t.client, PEER_BINARY));
    tally_wait(&book.all, 3);
    expect_ok(send_noted(t.session, 5, 10));
    talk_end(&t);
    check_book();
}

// ---- the ledger, under drops, resets and shutdown ----

enum { SENDERS = 4, EACH = MOST / SENDERS };

typedef struct sender {
    cryo_session *session;
    uint64_t first;
} sender;

static void *send_many(void *argument) {
    const sender *const s = argument;
    for (uint64_t i = 0; i < EACH; ++i) {
        const cryo_status status = send_noted(s->session, s->first + i, 2000);
        if (status == CRYO_ERR_CLOSED) break;
        if (status != CRYO_OK && status != CRYO_ERR_FULL && status != CRYO_ERR_RECEIPTS_FULL)
            fail_msg("%s", cryo_status_name(status));
    }
    cryo_session_release(s->session);
    return NULL;
}

static int32_t policy;

static void narrow(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_high_water_mark(options, 100 * 1000));
    expect_ok(cryo_server_options_set_low_water_mark(options, 50 * 1000));
    expect_ok(cryo_server_options_set_max_queued_bytes(options, 100 * 1000));
    expect_ok(cryo_server_options_set_drop_policy(options, policy));
    expect_ok(cryo_server_options_set_close_timeout_ms(options, 200));
}

enum ending { PEER_RESETS, PEER_LEAVES, WE_CLOSE, SERVER_STOPS, ENDINGS };

static void the_ledger(void **state) {
    (void)state;
    for (policy = CRYO_DROP_OLDEST; policy <= CRYO_DEDUPE_LATEST; ++policy)
        for (enum ending how = 0; how < ENDINGS; ++how) {
            talk t;
            listen_to_receipts(&t, 2, narrow);
            meet(&t);
            sender senders[SENDERS];
            pthread_t threads[SENDERS];
            for (size_t i = 0; i < SENDERS; ++i) {
                senders[i] = (sender){cryo_session_retain(t.session), 1 + i * EACH};
                threads[i] = run(send_many, &senders[i]);
            }
            for (int i = 0; i < 50; ++i)
                assert_true(peer_receive_type(&t.client, PEER_BINARY));
            if (how == PEER_RESETS) {
                peer_reset(&t.client);
                peer_init(&t.client);
            } else if (how == PEER_LEAVES) {
                peer_close(&t.client, CRYO_CLOSE_GRACEFUL, "");
            } else if (how == WE_CLOSE) {
                expect_ok(cryo_session_close(t.session, CRYO_CLOSE_GRACEFUL, ""));
            } else {
                expect_ok(cryo_server_stop(t.server));
            }
            for (size_t i = 0; i < SENDERS; ++i)
                join(threads[i]);
            if (how == WE_CLOSE || how == SERVER_STOPS) peer_wait_for_close(&t.client);
            tally_wait(&t.closings, 1);
            talk_end(&t);
            check_book();
            // A reset takes what the peer had said with it.
            if (how != PEER_RESETS) assert_true(atomic_load(&book.outcomes[CRYO_RECEIPT_ACKNOWLEDGED]) > 0);
        }
}

// ---- a client, whose connection is lost again and again ----

static void by_callback(cryo_client_options *options) {
    cryo_events *events = NULL;
    expect_ok(cryo_events_new(NULL, NULL, &events));
    expect_ok(cryo_events_on_receipt(events, note));
    expect_ok(cryo_events_on_closed(events, closed));
    expect_ok(cryo_client_options_set_events(options, events));
    cryo_events_free(events);
}
static void resending(cryo_client_options *options) {
    by_callback(options);
    expect_ok(cryo_client_options_set_resend(options, 1));
}

static void over_reconnects(tuning tune) {
    open_book();
    talk t;
    talk_listen(&t, &(app){0});
    diary d;
    diary_init(&d);
    cryo_client *const client = start_client(&d, cryo_server_port(t.server), tune);
    uint64_t next = 1;
    for (unsigned round = 1; round <= 10; ++round) {
        tally_wait(&t.sessions, round);
        cryo_session *live = NULL;
        size_t count = 0;
        while (count == 0)
            expect_ok(cryo_server_sessions(t.server, &live, 1, &count));
        cryo_status last = CRYO_OK;
        for (int i = 0; i < 20; ++i)
            last = send_noted(cryo_client_session(client), next++, 100);
        if (tune == resending) expect_ok(last);
        cryo_session_close(live, CRYO_CLOSE_SERVER_ERROR, "again"); // the client comes back
        cryo_session_release(live);
    }
    tally_wait(&t.sessions, 11);
    cryo_client_free(client);
    check_book();
    if (tune == resending) assert_true(atomic_load(&book.outcomes[CRYO_RECEIPT_CLOSED]) < 100);
    talk_end(&t);
}

static void a_client_that_comes_back(void **state) {
    (void)state;
    over_reconnects(by_callback);
    over_reconnects(resending);
}

// ---- pulled ----

static void out_of_a_queue(void **state) {
    (void)state;
    cryo_queue *queue = NULL;
    expect_ok(cryo_queue_new(&queue));
    cryo_server *const server =
        app_start(&(app){.threads = 1, .queue = queue, .on_validate = accept_everybody});
    peer p;
    assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
    cryo_event *event = next_event(queue, CRYO_EVENT_SESSION);
    expect_ok(cryo_session_send_with(cryo_event_session(event), CRYO_UTF8, (const uint8_t *)"hi", 2, "key",
                                     0xfedcba9876543210u));
    cryo_event_free(event);
    assert_true(peer_hears(&p, "hi"));
    event = next_event(queue, CRYO_EVENT_RECEIPT);
    assert_true(cryo_event_receipt(event) == 0xfedcba9876543210u);
    assert_int_equal(cryo_event_code(event), CRYO_RECEIPT_ACKNOWLEDGED);
    assert_true(cryo_event_value(event) >= 0);
    assert_string_equal(cryo_event_text(event), "");
    assert_null(cryo_event_data(event, NULL));
    cryo_event_free(event);
    peer_hang_up(&p);
    cryo_server_free(server);
    cryo_queue_free(queue);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_peer_acknowledges),        cmocka_unit_test(the_peer_says_nothing),
        cmocka_unit_test(no_more_are_owed_than_may_be), cmocka_unit_test(the_ledger),
        cmocka_unit_test(a_client_that_comes_back),     cmocka_unit_test(out_of_a_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
