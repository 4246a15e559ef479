// Sending: from every callback, from many threads at once, what may not be sent, and peers that do not read.
#include "talk.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- from callbacks ----

static void greet(cryo_session *session, void *user) {
    expect_ok(send_text(session, "session"));
    talk_on_session(session, user);
}
static void answer(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    expect_ok(cryo_session_send(session, kind, data, len));
    talk_on_message(session, kind, data, len, user);
}
static void announce(cryo_session *session, int32_t stat, double value, void *user) {
    if (stat == CRYO_STAT_BYTES_RX) send_text(session, "stat");
    talk_on_stat(session, stat, value, user);
}
static void too_late(cryo_session *session, int32_t code, const char *reason, void *user) {
    expect_status(send_text(session, "closed"), CRYO_ERR_CLOSED);
    expect_status(cryo_session_ping(session), CRYO_ERR_CLOSED);
    expect_status(cryo_session_close(session, CRYO_CLOSE_GRACEFUL, NULL), CRYO_ERR_CLOSED);
    assert_int_equal(cryo_session_is_open(session), 0);
    talk_on_closed(session, code, reason, user);
}

static void a_callback_may_send(void **state) {
    (void)state;
    for (uint32_t threads = 1; threads <= 2; ++threads) {
        talk t;
        talk_start(&t, &(app){.threads = threads,
                              .on_session = greet,
                              .on_message = answer,
                              .on_stat = announce,
                              .on_closed = too_late,
                              .keepalive_ms = 250});
        assert_true(peer_hears(&t.client, "session"));
        peer_send_text(&t.client, "a text");
        bool echoed = false;
        bool announced = false;
        while (!(echoed && announced)) {
            assert_true(peer_receive(&t.client));
            if (t.client.type == PEER_PING_PONG)
                peer_send_frame(&t.client, PEER_PING_PONG, t.client.number, "pong", 4);
            if (t.client.type != PEER_UTF8) continue;
            if (strcmp((const char *)t.client.data, "a text") == 0)
                echoed = true;
            else if (strcmp((const char *)t.client.data, "stat") == 0)
                announced = true;
        }
        assert_int_equal(peer_close(&t.client, CRYO_CLOSE_GRACEFUL, ""), CRYO_CLOSE_GRACEFUL);
        tally_wait(&t.closings, 1);
        talk_end(&t);
    }
}

static void an_empty_message_has_an_address(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){.on_message = answer});
    peer_send_binary(&t.client, "", 0);
    tally_wait(&t.messages, 1);
    assert_int_equal(t.last_kind, CRYO_BINARY);
    assert_true(peer_receive_type(&t.client, PEER_BINARY));
    assert_int_equal(t.client.data_len, 0);
    expect_ok(cryo_session_send(t.session, CRYO_UTF8, NULL, 0));
    assert_true(peer_hears(&t.client, ""));
    talk_end(&t);
}

// ---- from many threads ----

enum { SENDERS = 8, MESSAGES = 250 };

typedef struct sender {
    cryo_session *session;
    uint32_t who;
} sender;

static void *send_many(void *argument) {
    const sender *const s = argument;
    for (uint32_t i = 0; i < MESSAGES; ++i) {
        const uint32_t message[2] = {s->who, i};
        cryo_status status = CRYO_ERR_FULL;
        while (status == CRYO_ERR_FULL)
            status = cryo_session_send(s->session, CRYO_BINARY, (const uint8_t *)message, sizeof message);
        expect_ok(status);
    }
    cryo_session_release(s->session);
    return NULL;
}

static void many_threads_send_in_order(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){.threads = 2});
    sender senders[SENDERS];
    pthread_t threads[SENDERS];
    for (uint32_t i = 0; i < SENDERS; ++i) {
        senders[i] = (sender){cryo_session_retain(t.session), i};
        threads[i] = run(send_many, &senders[i]);
    }
    uint32_t next[SENDERS] = {0};
    for (uint32_t i = 0; i < SENDERS * MESSAGES; ++i) {
        uint32_t message[2];
        assert_true(peer_receive_type(&t.client, PEER_BINARY));
        assert_int_equal(t.client.number, i);
        assert_int_equal(t.client.data_len, sizeof message);
        memcpy(message, t.client.data, sizeof message);
        assert_in_range(message[0], 0, SENDERS - 1);
        assert_int_equal(message[1], next[message[0]]++);
    }
    for (uint32_t i = 0; i < SENDERS; ++i)
        join(threads[i]);
    talk_end(&t);
}

// ---- what may not be sent ----

static void text_is_utf8(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){0});
    static const struct {
        const char *bytes;
        size_t len;
        const char *at;
    } bad[] = {
        {"\xff", 1, "byte 0"},         {"ok\x80", 3, "byte 2"},           {"\xc0\xaf", 2, "byte 0"},
        {"\xed\xa0\x80", 3, "byte 0"}, {"\xf4\x90\x80\x80", 4, "byte 0"}, {"abc\xe2\x82", 5, "byte 3"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        const uint8_t *const data = (const uint8_t *)bad[i].bytes;
        expect_status(cryo_session_send(t.session, CRYO_UTF8, data, bad[i].len), CRYO_ERR_INVALID);
        assert_non_null(strstr(cryo_last_error(), bad[i].at));
        size_t count = 99;
        expect_status(cryo_server_broadcast(t.server, CRYO_UTF8, data, bad[i].len, NULL, &count),
                      CRYO_ERR_INVALID);
        assert_int_equal(count, 99);
    }
    expect_ok(cryo_session_send(t.session, CRYO_BINARY, (const uint8_t *)"\xff", 1));
    static const char zero_inside[] = "a\0b\xf0\x9f\x98\x80";
    expect_ok(cryo_session_send(t.session, CRYO_UTF8, (const uint8_t *)zero_inside, sizeof zero_inside - 1));
    assert_true(peer_receive_type(&t.client, PEER_UTF8));
    assert_int_equal(t.client.data_len, sizeof zero_inside - 1);
    assert_memory_equal(t.client.data, zero_inside, sizeof zero_inside - 1);
    talk_end(&t);
}

static void arguments_are_looked_at(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){0});
    const uint8_t byte = 1;
    for (int32_t kind = -1; kind < 6; ++kind)
        if (kind != CRYO_UTF8 && kind != CRYO_BINARY)
            expect_status(cryo_session_send(t.session, kind, &byte, 1), CRYO_ERR_INVALID);
    expect_status(cryo_session_send(t.session, CRYO_BINARY, NULL, 1), CRYO_ERR_INVALID);
    // Nobody reads what is longer than any message.
    expect_status(cryo_session_send(t.session, CRYO_BINARY, &byte, ((size_t)1 << 30) + 1), CRYO_ERR_TOO_BIG);
    expect_status(cryo_session_send(t.session, CRYO_UTF8, &byte, SIZE_MAX), CRYO_ERR_TOO_BIG);
    expect_status(cryo_server_broadcast(t.server, CRYO_BINARY, &byte, SIZE_MAX, NULL, NULL),
                  CRYO_ERR_TOO_BIG);
    talk_end(&t);
}

// ---- a peer that does not read ----

static void small_queue(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_high_water_mark(options, 256 * 1024));
    expect_ok(cryo_server_options_set_low_water_mark(options, 64 * 1024));
    expect_ok(cryo_server_options_set_max_queued_bytes(options, 128 * 1024));
    expect_ok(cryo_server_options_set_max_queue_count(options, 64));
    expect_ok(cryo_server_options_set_drop_policy(options, CRYO_DROP_NEWEST));
}

// What was accepted comes, all of it and in order, and what was refused does not.
static void a_slow_peer_fills_its_queue_and_no_more(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){.tune = small_queue});
    enum { SIZE = 16 * 1024 };
    uint8_t *const message = calloc(1, SIZE);
    uint32_t accepted = 0;
    unsigned refused = 0;
    double queued = 0;
    double most = 0;
    // The kernel's buffers take some; then refusals come, and nothing but the peer can end them.
    while (refused < 1000) {
        memcpy(message, &accepted, sizeof accepted);
        const cryo_status status = cryo_session_send(t.session, CRYO_BINARY, message, SIZE);
        if (status == CRYO_OK) {
            ++accepted;
            refused = 0;
        } else {
            expect_status(status, CRYO_ERR_FULL);
            ++refused;
        }
        expect_ok(cryo_session_stat(t.session, CRYO_STAT_QUEUED_BYTES, &queued));
        assert_true(queued <= 256 * 1024 + 128 * 1024 + SIZE + 21);
        if (queued > most) most = queued;
        assert_true(accepted < 10000);
    }
    assert_true(most > 0);
    size_t count = 99;
    expect_ok(cryo_server_broadcast(t.server, CRYO_BINARY, message, SIZE, NULL, &count));
    for (uint32_t i = 0; i < accepted; ++i) {
        uint32_t number = 0;
        assert_true(peer_receive_type(&t.client, PEER_BINARY));
        memcpy(&number, t.client.data, sizeof number);
        assert_int_equal(number, i);
    }
    // There is room again. The broadcast was passed over or came in between, nothing else.
    cryo_status status = CRYO_ERR_FULL;
    while (status == CRYO_ERR_FULL)
        status = send_text(t.session, "room");
    expect_ok(status);
    assert_true(peer_receive_type(&t.client, PEER_UTF8));
    assert_memory_equal(t.client.data, "room", 4);
    free(message);
    talk_end(&t);
}

// Inside of a session's event its handle is taken at its word, and no other one.
static void try_handles(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    talk *const t = user;
    cryo_session *const strange = (cryo_session *)((uintptr_t)session ^ ((uintptr_t)1 << 40));
    expect_status(send_text(strange, "x"), CRYO_ERR_HANDLE);
    expect_status(send_text(NULL, "x"), CRYO_ERR_HANDLE);
    expect_ok(send_text(session, "first"));
    cryo_session_release(t->session); // the library holds it still
    expect_ok(send_text(session, "second"));
    expect_ok(cryo_session_close(session, CRYO_CLOSE_GRACEFUL, NULL));
    expect_status(send_text(session, "x"), CRYO_ERR_CLOSED);
    talk_on_message(session, kind, data, len, user);
}

static void stale_inside_closed(cryo_session *session, int32_t code, const char *reason, void *user) {
    expect_status(send_text(session, "x"), CRYO_ERR_CLOSED);
    talk_on_closed(session, code, reason, user);
}

static void a_callback_may_use_any_handle(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){.on_message = try_handles, .on_closed = stale_inside_closed});
    peer_send_text(&t.client, "go");
    tally_wait(&t.messages, 1);
    assert_true(peer_hears(&t.client, "first"));
    assert_true(peer_hears(&t.client, "second"));
    peer_hang_up(&t.client);
    tally_wait(&t.closings, 1);
    talk_end(&t); // releases the session once more, which is told as an error and does no harm
}

// From a callback the answer is as exact: the peer hears what was accepted.
static atomic_uint accepted_inside;

static void flood(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    static const uint8_t big[16 * 1024];
    cryo_status status = CRYO_OK;
    while ((status = cryo_session_send(session, CRYO_BINARY, big, sizeof big)) == CRYO_OK)
        if (atomic_fetch_add(&accepted_inside, 1) > 10000) break;
    expect_status(status, CRYO_ERR_FULL);
    talk_on_message(session, kind, data, len, user);
}

static void a_callback_fills_the_queue_too(void **state) {
    (void)state;
    talk t;
    talk_start(&t, &(app){.tune = small_queue, .on_message = flood});
    atomic_store(&accepted_inside, 0);
    peer_send_text(&t.client, "go");
    tally_wait(&t.messages, 1);
    const unsigned accepted = atomic_load(&accepted_inside);
    assert_in_range(accepted, 16, 10000);
    for (unsigned i = 0; i < accepted; ++i) {
        assert_true(peer_receive_type(&t.client, PEER_BINARY));
        assert_int_equal(t.client.number, i);
    }
    talk_end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_callback_may_send),
        cmocka_unit_test(an_empty_message_has_an_address),
        cmocka_unit_test(many_threads_send_in_order),
        cmocka_unit_test(text_is_utf8),
        cmocka_unit_test(arguments_are_looked_at),
        cmocka_unit_test(a_slow_peer_fills_its_queue_and_no_more),
        cmocka_unit_test(a_callback_may_use_any_handle),
        cmocka_unit_test(a_callback_fills_the_queue_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
