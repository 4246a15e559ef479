// What a server counts, by cryo.h.
#include "talk.h"

#include <stdlib.h>
#include <string.h>

static void put_in_order(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_max_violations(options, 0));
}

static double stat_of(const cryo_server *server, int32_t stat, int32_t of) {
    double value = -1;
    expect_ok(cryo_server_stat(server, stat, of, &value));
    return value;
}

static void each_figure_is_there_and_no_other(void **state) {
    (void)state;
    cryo_server *const fresh = app_new(&(app){.threads = 1});
    cryo_server *const server = app_start(&(app){.threads = 2});
    for (int32_t stat = CRYO_SERVER_STAT_SESSIONS; stat <= CRYO_SERVER_STAT_DRAINING; ++stat) {
        assert_true(stat_of(fresh, stat, 0) == 0);
        assert_true(stat_of(server, stat, 0) >= 0);
    }
    double value = 0;
    expect_status(cryo_server_stat(server, 0, 0, &value), CRYO_ERR_INVALID);
    expect_status(cryo_server_stat(server, -1, 0, &value), CRYO_ERR_INVALID);
    expect_status(cryo_server_stat(server, CRYO_SERVER_STAT_DRAINING + 1, 0, &value), CRYO_ERR_INVALID);
    expect_status(cryo_server_stat(server, CRYO_SERVER_STAT_SESSIONS, 0, NULL), CRYO_ERR_INVALID);
    expect_status(cryo_server_stat(server, CRYO_SERVER_STAT_SESSIONS, 1, &value), CRYO_ERR_INVALID);
    expect_status(cryo_server_stat(server, CRYO_SERVER_STAT_DRAINING, -1, &value), CRYO_ERR_INVALID);
    for (int32_t of = CRYO_DROPPED_OLDEST; of <= CRYO_DROPPED_TOTAL; ++of)
        assert_true(stat_of(server, CRYO_SERVER_STAT_DROPPED, of) == 0);
    for (int32_t of = CRYO_RECEIPT_ACKNOWLEDGED; of <= CRYO_RECEIPT_REFUSED; ++of)
        assert_true(stat_of(server, CRYO_SERVER_STAT_RECEIPTS, of) == 0);
    expect_status(cryo_server_stat(server, CRYO_SERVER_STAT_DROPPED, CRYO_DROPPED_TOTAL + 1, &value),
                  CRYO_ERR_INVALID);
    expect_status(cryo_server_stat(server, CRYO_SERVER_STAT_DROPPED, -1, &value), CRYO_ERR_INVALID);
    expect_status(cryo_server_stat(server, CRYO_SERVER_STAT_RECEIPTS, CRYO_RECEIPT_REFUSED + 1, &value),
                  CRYO_ERR_INVALID);
    assert_true(stat_of(server, CRYO_SERVER_STAT_REFUSED, 400) == 0 &&
                stat_of(server, CRYO_SERVER_STAT_REFUSED, 599) == 0);
    expect_status(cryo_server_stat(server, CRYO_SERVER_STAT_REFUSED, 399, &value), CRYO_ERR_INVALID);
    expect_status(cryo_server_stat(server, CRYO_SERVER_STAT_REFUSED, 600, &value), CRYO_ERR_INVALID);
    expect_status(cryo_server_stat(server, CRYO_SERVER_STAT_REFUSED, INT32_MIN, &value), CRYO_ERR_INVALID);
    cryo_server_free(fresh);
    cryo_server_free(server);
}

static tally closed = TALLY_INIT;
static tally receipts = TALLY_INIT;

static void note_closed(cryo_session *session, int32_t code, const char *reason, void *user) {
    (void)session, (void)code, (void)reason, (void)user;
    tally_add(&closed);
}
static void note_receipt(cryo_session *session, uint64_t receipt, int32_t outcome, double rtt_ms,
                         const char *by, void *user) {
    (void)session, (void)receipt, (void)outcome, (void)rtt_ms, (void)by, (void)user;
    tally_add(&receipts);
}
static void answer(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)user;
    expect_ok(cryo_session_send_with(session, kind, data, len, NULL, 7));
}

static void what_happens_is_counted(void **state) {
    (void)state;
    for (uint32_t threads = 1; threads <= 2; ++threads) {
        tally_reset(&closed);
        tally_reset(&receipts);
        cryo_server *const server = app_start(&(app){.threads = threads,
                                                     .on_message = answer,
                                                     .on_closed = note_closed,
                                                     .on_receipt = note_receipt,
                                                     .tune = put_in_order});
        peer p;
        assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
        for (int i = 0; i < 10; ++i) {
            peer_send_text(&p, "echo");
            assert_true(peer_hears(&p, "echo"));
        }
        assert_true(stat_of(server, CRYO_SERVER_STAT_SESSIONS, 0) == 1);
        assert_true(stat_of(server, CRYO_SERVER_STAT_CONNECTIONS, 0) == 1);
        assert_true(stat_of(server, CRYO_SERVER_STAT_MESSAGES_RX, 0) == 10);
        assert_int_equal(peer_close(&p, 4000, ""), 4000);
        peer_hang_up(&p);
        tally_wait(&closed, 1);
        tally_wait(&receipts, 10);
        assert_true(stat_of(server, CRYO_SERVER_STAT_MESSAGES_TX, 0) == 10);
        assert_true(stat_of(server, CRYO_SERVER_STAT_RECEIPTS, 0) == 10);
        assert_true(stat_of(server, CRYO_SERVER_STAT_RECEIPTS, CRYO_RECEIPT_ACKNOWLEDGED) +
                        stat_of(server, CRYO_SERVER_STAT_RECEIPTS, CRYO_RECEIPT_CLOSED) ==
                    10);
        assert_true(stat_of(server, CRYO_SERVER_STAT_SESSIONS, 0) == 0);
        assert_true(stat_of(server, CRYO_SERVER_STAT_ACCEPTED_SESSIONS, 0) == 1);
        assert_true(stat_of(server, CRYO_SERVER_STAT_CLOSED, 0) == 1);
        assert_true(stat_of(server, CRYO_SERVER_STAT_ACCEPTED_CONNECTIONS, 0) == 1);
        assert_true(stat_of(server, CRYO_SERVER_STAT_BYTES_RX, 0) > 10 * (21 + 4));
        assert_true(stat_of(server, CRYO_SERVER_STAT_BYTES_TX, 0) > 10 * (21 + 4));
        expect_ok(cryo_server_stop(server));
        expect_ok(cryo_server_wait(server, -1));
        assert_true(stat_of(server, CRYO_SERVER_STAT_MESSAGES_RX, 0) == 10); // also behind the end
        cryo_server_free(server);
    }
}

static void hold_up(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)data, (void)len, (void)user;
    const int64_t until = now_ms() + 150;
    while (now_ms() < until) {
    }
    expect_ok(cryo_session_send(session, kind, (const uint8_t *)"done", 4));
}

static void a_slow_callback_is_seen(void **state) {
    (void)state;
    cryo_server *const server = app_start(&(app){.threads = 1, .on_message = hold_up});
    peer p;
    assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
    peer_send_text(&p, "slow");
    assert_true(peer_hears(&p, "done"));
    peer_send_text(&p, "slow"); // the turn before is over when this one's answer has left
    assert_true(peer_hears(&p, "done"));
    assert_true(stat_of(server, CRYO_SERVER_STAT_SLOW_CALLBACKS, 0) >= 1);
    assert_true(stat_of(server, CRYO_SERVER_STAT_LOOP_LAG, 0) >= 100);
    assert_true(stat_of(server, CRYO_SERVER_STAT_BUSY, 0) >= 100);
    peer_hang_up(&p);
    cryo_server_free(server);
}

static void the_text_goes_to_the_callers_buffer(void **state) {
    (void)state;
    cryo_server *const server = app_start(&(app){.threads = 1});
    size_t len = 0;
    expect_ok(cryo_server_metrics(server, NULL, 0, &len));
    assert_true(len > 1000);
    char small[16];
    expect_status(cryo_server_metrics(server, small, sizeof small, &len), CRYO_ERR_BUFFER);
    const size_t capacity = len + 1000;
    char *const text = malloc(capacity);
    expect_ok(cryo_server_metrics(server, text, capacity, &len));
    assert_int_equal(strlen(text), len);
    assert_int_equal(text[len - 1], '\n');
    assert_non_null(strstr(text, "# TYPE cryo_sessions gauge\ncryo_sessions 0\n"));
    free(text);
    cryo_server_free(server);
}

static void options_have_edges(void **state) {
    (void)state;
    cryo_server_options *options = NULL;
    expect_ok(cryo_server_options_new(&options));
    for (int32_t on = 0; on <= 1; ++on) {
        expect_ok(cryo_server_options_set_health(options, on));
        expect_ok(cryo_server_options_set_metrics(options, on, NULL));
        expect_ok(cryo_server_options_set_metrics(options, on, "token"));
    }
    expect_status(cryo_server_options_set_health(options, 2), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_health(options, -1), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_metrics(options, 2, NULL), CRYO_ERR_INVALID);
    expect_status(cryo_server_options_set_metrics(options, 1, ""), CRYO_ERR_INVALID);
    cryo_server_options_free(options);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_figure_is_there_and_no_other),
        cmocka_unit_test(what_happens_is_counted),
        cmocka_unit_test(a_slow_callback_is_seen),
        cmocka_unit_test(the_text_goes_to_the_callers_buffer),
        cmocka_unit_test(options_have_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
