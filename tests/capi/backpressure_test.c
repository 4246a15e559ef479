// Slow peers: what gives way, what is told, and what stays bounded.
#include "talk.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIZE = 16 * 1024 };

static atomic_uint dropped;
static atomic_uint reasons[5];
static tally writable;
static atomic_uint first_kept; // the number of the oldest message that was not dropped, by drop-oldest

static void on_dropped(cryo_session *session, int32_t reason, int32_t kind, const uint8_t *data, size_t len,
                       void *user) {
    (void)session, (void)user;
    assert_in_range(reason, CRYO_DROPPED_OLDEST, CRYO_DROPPED_TOTAL);
    assert_int_equal(kind, CRYO_BINARY);
    assert_int_equal(len, SIZE);
    uint32_t number = 0;
    memcpy(&number, data, sizeof number);
    if (reason == CRYO_DROPPED_OLDEST) atomic_store(&first_kept, number + 1);
    atomic_fetch_add(&dropped, 1);
    atomic_fetch_add(&reasons[reason], 1);
}
static void on_writable(cryo_session *session, void *user) {
    (void)session, (void)user;
    tally_add(&writable);
}

static int32_t policy;
static uint64_t total;

static void narrow(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_high_water_mark(options, 10 * (uint64_t)SIZE));
    expect_ok(cryo_server_options_set_low_water_mark(options, SIZE));
    expect_ok(cryo_server_options_set_max_queued_bytes(options, 10 * (uint64_t)SIZE));
    expect_ok(cryo_server_options_set_drop_policy(options, policy));
    expect_ok(cryo_server_options_set_max_total_queued_bytes(options, total));
    expect_ok(cryo_server_options_set_keepalive_ms(options, 600 * 1000)); // a peer that sleeps is no dead one
}

static void begin(talk *t, int32_t with, uint64_t in_all) {
    static const tally fresh = TALLY_INIT;
    policy = with;
    total = in_all;
    writable = fresh;
    atomic_store(&dropped, 0);
    memset(reasons, 0, sizeof reasons);
    talk_start(t, &(app){.tune = narrow, .on_dropped = on_dropped, .on_writable = on_writable});
}

static cryo_status send_number(cryo_session *session, uint32_t number, const char *key) {
    static _Thread_local uint8_t message[SIZE];
    memcpy(message, &number, sizeof number);
    return cryo_session_send_with(session, CRYO_BINARY, message, SIZE, key, 0);
}

static uint32_t receive_number(peer *p) {
    uint32_t number = 0;
    assert_true(peer_receive_type(p, PEER_BINARY));
    memcpy(&number, p->data, sizeof number);
    return number;
}

static void the_oldest_go(void **state) {
    (void)state;
    talk t;
    begin(&t, CRYO_DROP_OLDEST, 0);
    uint32_t last = 0;
    double bytes = 0;
    double count = 0;
    while (atomic_load(&dropped) < 100 || bytes == 0 || count == 0) { // the system may take more at any time
        const cryo_status status = send_number(t.session, last, NULL);
        if (status == CRYO_OK)
            ++last;
        else
            expect_status(status, CRYO_ERR_FULL); // too much on the way to the service thread
        expect_ok(cryo_session_stat(t.session, CRYO_STAT_QUEUED_BYTES, &bytes));
        expect_ok(cryo_session_stat(t.session, CRYO_STAT_QUEUED_COUNT, &count));
    }
    // What comes is in order; there is one gap, and behind it the newest.
    uint32_t gaps = 0;
    uint32_t next = 0;
    while (next < last) {
        const uint32_t number = receive_number(&t.client);
        if (number != next) ++gaps;
        assert_true(number >= next);
        next = number + 1;
    }
    assert_int_equal(next, last);
    assert_in_range(gaps, 1, 100);
    tally_wait(&writable, 1);
    assert_int_equal(atomic_load(&reasons[CRYO_DROPPED_OLDEST]), atomic_load(&dropped));
    talk_end(&t);
}

static void a_newer_one_with_the_same_key(void **state) {
    (void)state;
    talk t;
    begin(&t, CRYO_DEDUPE_LATEST, 0);
    uint32_t last = 0;
    while (atomic_load(&reasons[CRYO_DROPPED_REPLACED]) < 100)
        if (send_number(t.session, last, "position") == CRYO_OK) ++last;
    uint32_t number = 0;
    uint32_t received = 0;
    while (number + 1 < last) {
        number = receive_number(&t.client);
        ++received;
    }
    assert_int_equal(received, last - atomic_load(&reasons[CRYO_DROPPED_REPLACED]));
    talk_end(&t);
}

static void all_sessions_together(void **state) {
    (void)state;
    talk t;
    begin(&t, CRYO_DROP_NEWEST, 5 * (uint64_t)SIZE);
    uint32_t refused = 0;
    for (uint32_t i = 0; refused < 100; ++i) {
        const cryo_status status = send_number(t.session, i, NULL);
        if (status != CRYO_OK) {
            expect_status(status, CRYO_ERR_TOTAL_FULL);
            ++refused;
        }
    }
    assert_non_null(strstr(cryo_last_error(), "max_total_queued_bytes"));
    static const uint8_t zeros[SIZE];
    // A broadcast that is on its way counts as well: it is refused, and nobody is told of it. The system may
    // take some of what waits, so that there is room for another one or two.
    refused = 0;
    while (refused < 100) {
        const cryo_status status = cryo_server_broadcast(t.server, CRYO_BINARY, zeros, SIZE, NULL, NULL);
        if (status != CRYO_OK) {
            expect_status(status, CRYO_ERR_TOTAL_FULL);
            ++refused;
        }
    }
    assert_non_null(strstr(cryo_last_error(), "max_total_queued_bytes"));
    talk_end(&t);
}

// ---- a slow reader among fast ones ----

static size_t resident_bytes(void) {
    FILE *const file = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;
    if (file == NULL || fscanf(file, "%*u %lu", &pages) != 1) fail_msg("no /proc/self/statm");
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

// 100 MB go past a peer that does not read; the other one gets each of its messages, and memory does not
// grow.
static void a_stalled_peer_costs_what_it_may(void **state) {
    (void)state;
    talk t;
    begin(&t, CRYO_DROP_OLDEST, 0);
    peer fast;
    assert_int_equal(peer_connect(&fast, cryo_server_port(t.server), TOKEN), 101);
    tally_wait(&t.sessions, 2);
    cryo_session *quick = NULL;
    expect_ok(cryo_server_find_session(t.server, fast.id, &quick));
    size_t before = 0;
    int64_t slowest = 0;
    const uint32_t rounds = 100 * 1000 * 1000 / SIZE;
    for (uint32_t i = 0; i < rounds; ++i) {
        const cryo_status status = send_number(t.session, i, NULL);
        if (status != CRYO_OK) expect_status(status, CRYO_ERR_FULL);
        const int64_t begin_ms = now_ms();
        expect_ok(send_number(quick, i, NULL));
        assert_int_equal(receive_number(&fast), i);
        const int64_t took = now_ms() - begin_ms;
        if (took > slowest) slowest = took;
        if (i == rounds / 10) before = resident_bytes(); // by now its queue is full
    }
    assert_true(atomic_load(&dropped) > rounds / 2);
    const size_t after = resident_bytes();
    // Its queue and the pools; nothing near to what went past it.
    print_message("grew by %ld KiB; the other peer's slowest round trip took %ld ms\n",
                  ((long)after - (long)before) / 1024, (long)slowest);
#ifndef CRYO_SANITIZER_KEEPS_MEMORY
    assert_true(after < before + 30 * 1000 * 1000);
#endif
    cryo_session_release(quick);
    peer_hang_up(&fast);
    talk_end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_go),
        cmocka_unit_test(a_newer_one_with_the_same_key),
        cmocka_unit_test(all_sessions_together),
        cmocka_unit_test(a_stalled_peer_costs_what_it_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
