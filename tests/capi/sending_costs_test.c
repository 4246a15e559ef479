// What sending costs in memory, wakes and locks: what threads of the application that send can rely on.
#include "app.h"
#include "counted_calls.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

// ---- one copy of a broadcast ----

static void count_the_loop(cryo_session *session, void *user) {
    (void)session;
    calls_count = true; // on the service thread
    tally_add(user);
}

// Plain sockets: with TLS and with CALE each session's bytes are its own, for as long as it takes to write
// them.
static void broadcast_to(unsigned count, size_t size) {
    tally sessions = TALLY_INIT;
    cryo_server *const server =
        app_start(&(app){.threads = 1, .on_session = count_the_loop, .user = &sessions});
    peer *const peers = calloc(count, sizeof *peers);
    for (unsigned i = 0; i < count; ++i)
        assert_int_equal(peer_connect(&peers[i], cryo_server_port(server), TOKEN), 101);
    tally_wait(&sessions, count);

    uint8_t *const message = malloc(size);
    for (size_t i = 0; i < size; ++i)
        message[i] = (uint8_t)(i * 7 + i / 251);
    size_t sent = 0;
    begin_counting(size);
    calls_count = true;
    expect_ok(cryo_server_broadcast(server, CRYO_BINARY, message, size, NULL, &sent));
    calls_count = false; // the peers have copies of their own
    assert_int_equal(sent, count);
    for (unsigned i = 0; i < count; ++i) {
        assert_true(peer_receive_type(&peers[i], PEER_BINARY));
        assert_int_equal(peers[i].data_len, size);
        assert_memory_equal(peers[i].data, message, size);
        peer_hang_up(&peers[i]);
    }
    assert_int_equal(counted().large, 1);
    cryo_server_free(server);
    free(message);
    free(peers);
}

static void a_thousand_sessions_share_a_broadcast(void **state) {
    (void)state;
    struct rlimit files;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
    broadcast_to(1000, (size_t)64 * 1024);
}

static void also_what_sockets_do_not_take_at_once(void **state) {
    (void)state;
    broadcast_to(8, (size_t)8 * 1024 * 1024);
}

// ---- threads that send ----

enum { SENDERS = 8, ROUNDS = 3, MESSAGES = 200 };

typedef struct senders {
    cryo_server *server; // driven by the test's thread: nobody empties its box of mails while they send
    tally sessions;
    unsigned session_count;
    cryo_session *session[SENDERS];
    peer peers[SENDERS];
    atomic_bool done;
} senders;

typedef struct sender {
    senders *of;
    uint8_t number;
    uint32_t round;
} sender;

static void keep_session(cryo_session *session, void *user) {
    senders *const all = user;
    all->session[tally_now(&all->sessions)] = cryo_session_retain(session);
    tally_add(&all->sessions);
}

static void *connect_peers(void *argument) {
    senders *const all = argument;
    for (unsigned i = 0; i < all->session_count; ++i)
        assert_int_equal(peer_connect(&all->peers[i], cryo_server_port(all->server), TOKEN), 101);
    return NULL;
}

static void *send_all(void *argument) {
    const sender *const self = argument;
    cryo_session *const to = self->of->session[self->number % self->of->session_count];
    calls_count = true;
    for (uint32_t i = 0; i < MESSAGES; ++i) {
        const uint32_t message[] = {self->number, self->round * MESSAGES + i};
        expect_ok(cryo_session_send(to, CRYO_BINARY, (const uint8_t *)message, sizeof message));
    }
    return NULL;
}

// Each thread's messages come in its order.
static void *receive_all(void *argument) {
    senders *const all = argument;
    uint32_t next[SENDERS] = {0};
    bool begun[SENDERS] = {false};
    for (unsigned i = 0; i < all->session_count; ++i)
        for (unsigned n = 0; n < SENDERS / all->session_count * MESSAGES; ++n) {
            uint32_t message[2];
            assert_true(peer_receive_type(&all->peers[i], PEER_BINARY));
            assert_int_equal(all->peers[i].data_len, sizeof message);
            memcpy(message, all->peers[i].data, sizeof message);
            assert_true(message[0] < SENDERS);
            if (begun[message[0]]) assert_int_equal(message[1], next[message[0]]);
            begun[message[0]] = true;
            next[message[0]] = message[1] + 1;
        }
    atomic_store(&all->done, true);
    return NULL;
}

static void threads_send_to(unsigned session_count) {
    static const tally none = TALLY_INIT;
    senders *const all = calloc(1, sizeof *all);
    all->sessions = none;
    all->session_count = session_count;
    all->server = app_start(&(app){.on_session = keep_session, .user = all});
    const pthread_t connecting = run(connect_peers, all);
    while (tally_now(&all->sessions) < session_count)
        expect_ok(cryo_server_run_once(all->server, -1));
    join(connecting);

    for (uint32_t round = 0; round < ROUNDS; ++round) {
        pthread_t threads[SENDERS];
        sender each[SENDERS];
        begin_counting(SIZE_MAX);
        for (uint8_t i = 0; i < SENDERS; ++i) {
            each[i] = (sender){.of = all, .number = i, .round = round};
            threads[i] = run(send_all, &each[i]);
        }
        for (unsigned i = 0; i < SENDERS; ++i)
            join(threads[i]);
        assert_int_equal(counted().writes, 1); // one wake for all of them
        assert_int_equal(counted().locks, 0);

        atomic_store(&all->done, false);
        const pthread_t receiving = run(receive_all, all);
        while (!atomic_load(&all->done))
            expect_ok(cryo_server_run_once(all->server, 50));
        join(receiving);
    }
    for (unsigned i = 0; i < session_count; ++i) {
        cryo_session_release(all->session[i]);
        peer_hang_up(&all->peers[i]);
    }
    cryo_server_free(all->server);
    free(all);
}

// So that none counted means that none was taken.
static void locks_of_the_library_are_seen(void **state) {
    (void)state;
    tally sessions = TALLY_INIT;
    calls_count = true;
    begin_counting(SIZE_MAX);
    cryo_server_free(app_start(&(app){.threads = 1, .on_session = count_the_loop, .user = &sessions}));
    calls_count = false;
    assert_true(counted().locks > 0);
}

static void eight_threads_and_eight_sessions(void **state) {
    (void)state;
    threads_send_to(8);
}

static void eight_threads_and_one_session(void **state) {
    (void)state;
    threads_send_to(1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_sessions_share_a_broadcast),
        cmocka_unit_test(also_what_sockets_do_not_take_at_once),
        cmocka_unit_test(locks_of_the_library_are_seen),
        cmocka_unit_test(eight_threads_and_eight_sessions),
        cmocka_unit_test(eight_threads_and_one_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
