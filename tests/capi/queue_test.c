// The events pulled: the descriptor, waking, capacity, several servers and several threads, and freeing.
#include "talk.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static cryo_queue *new_queue(void) {
    cryo_queue *queue = NULL;
    expect_ok(cryo_queue_new(&queue));
    return queue;
}

static bool readable(cryo_queue *queue, int timeout_ms) {
    struct pollfd ready = {.fd = cryo_queue_fd(queue), .events = POLLIN, .revents = 0};
    assert_true(ready.fd >= 0);
    return poll(&ready, 1, timeout_ms) == 1;
}

// The next event, which must be of this kind; the descriptor tells that it is there.
static cryo_event *expect_event(cryo_queue *queue, int32_t kind) {
    assert_true(readable(queue, PEER_PATIENCE_MS));
    cryo_event *event = NULL;
    expect_ok(cryo_queue_next(queue, 0, &event));
    assert_int_equal(cryo_event_kind(event), kind);
    return event;
}

static void expect_nothing_else(const cryo_event *e, bool session, bool auth, bool data, bool code,
                                bool text) {
    size_t len = 99;
    if (!session) assert_null(cryo_event_session(e));
    if (!auth) assert_null(cryo_event_auth(e));
    if (!data) {
        assert_null(cryo_event_data(e, &len));
        assert_int_equal(len, 0);
        assert_int_equal(cryo_event_message_kind(e), 0);
    }
    if (!code) assert_int_equal(cryo_event_code(e), 0);
    if (!text) assert_string_equal(cryo_event_text(e), "");
}

static void a_conversation_is_pulled(void **state) {
    (void)state;
    cryo_queue *const queue = new_queue();
    cryo_event *event = NULL;
    size_t len = 0;
    assert_false(readable(queue, 0));
    expect_status(cryo_queue_next(queue, 0, &event), CRYO_ERR_TIMEOUT);
    expect_status(cryo_queue_next(queue, 20, &event), CRYO_ERR_TIMEOUT);
    assert_null(event);
    cryo_server *const server = app_start(&(app){.threads = 1, .queue = queue, .keepalive_ms = 60000});

    event = expect_event(queue, CRYO_EVENT_LISTENING);
    assert_string_equal(cryo_event_text(event), "127.0.0.1");
    assert_int_equal(cryo_event_code(event), cryo_server_port(server));
    expect_nothing_else(event, false, false, false, true, true);
    cryo_event_free(event);
    assert_false(readable(queue, 0));

    peer p;
    peer_init(&p);
    peer_dial_with(&p, cryo_server_port(server), TOKEN, "");
    event = expect_event(queue, CRYO_EVENT_AUTH);
    assert_memory_equal(cryo_event_data(event, &len), TOKEN, strlen(TOKEN));
    assert_int_equal(len, strlen(TOKEN));
    cryo_auth *const ticket = cryo_event_auth(event);
    expect_nothing_else(event, false, true, true, false, false);
    cryo_event_free(event);
    expect_ok(cryo_auth_accept(ticket)); // it lives on
    assert_int_equal(peer_answer(&p), 101);

    event = expect_event(queue, CRYO_EVENT_SESSION);
    cryo_session *const session = cryo_session_retain(cryo_event_session(event));
    expect_nothing_else(event, true, false, false, false, false);
    cryo_event_free(event);
    cryo_event_free(event); // dead already
    assert_int_equal(cryo_event_kind(event), 0);

    peer_send_text(&p, "text");
    event = expect_event(queue, CRYO_EVENT_MESSAGE);
    assert_ptr_equal(cryo_event_session(event), session);
    assert_int_equal(cryo_event_message_kind(event), CRYO_UTF8);
    assert_memory_equal(cryo_event_data(event, &len), "text", 4);
    assert_int_equal(len, 4);
    assert_non_null(cryo_event_data(event, NULL));
    expect_ok(send_text(cryo_event_session(event), "pulled"));
    cryo_event_free(event);
    assert_true(peer_hears(&p, "pulled"));

    peer_send_binary(&p, "", 0);
    event = expect_event(queue, CRYO_EVENT_MESSAGE);
    assert_int_equal(cryo_event_message_kind(event), CRYO_BINARY);
    assert_non_null(cryo_event_data(event, &len));
    assert_int_equal(len, 0);
    expect_nothing_else(event, true, false, true, false, false);
    cryo_event_free(event);

    assert_int_equal(peer_close(&p, 4000, "bye"), 4000);
    event = expect_event(queue, CRYO_EVENT_CLOSED);
    assert_ptr_equal(cryo_event_session(event), session);
    assert_int_equal(cryo_event_code(event), 4000);
    assert_string_equal(cryo_event_text(event), "bye");
    cryo_event_free(event);
    assert_false(readable(queue, 0));
    peer_hang_up(&p);
    cryo_session_release(session);
    cryo_server_free(server);
    cryo_queue_free(queue);
}

static void the_statistics_are_pulled(void **state) {
    (void)state;
    cryo_queue *const queue = new_queue();
    cryo_server *const server =
        app_start(&(app){.threads = 1, .queue = queue, .on_validate = accept_everybody, .keepalive_ms = 20});
    peer p;
    assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
    cryo_event *const event = next_event(queue, CRYO_EVENT_STAT);
    assert_in_range(cryo_event_code(event), CRYO_STAT_RTT, CRYO_STAT_ACK_TIMEOUT);
    assert_true(cryo_event_value(event) >= 0);
    assert_non_null(cryo_event_session(event));
    expect_nothing_else(event, true, false, false, true, false);
    cryo_event_free(event);
    peer_hang_up(&p);
    cryo_server_free(server);
    cryo_queue_free(queue);
}

// ---- waking and freeing ----

typedef struct puller {
    cryo_queue *queue;
    tally done;
    cryo_status status;
} puller;

static void *pull(void *argument) {
    puller *const p = argument;
    cryo_event *event = NULL;
    p->status = cryo_queue_next(p->queue, -1, &event);
    if (p->status == CRYO_OK) cryo_event_free(event);
    tally_add(&p->done);
    return NULL;
}

static void one_is_woken_by_one_wake(void **state) {
    (void)state;
    cryo_queue *const queue = new_queue();
    cryo_event *event = NULL;
    expect_ok(cryo_queue_wake(queue));
    assert_true(readable(queue, 0)); // whoever watches the descriptor is to come
    expect_status(cryo_queue_next(queue, -1, &event), CRYO_ERR_STATE);
    assert_false(readable(queue, 0));
    expect_status(cryo_queue_next(queue, 0, &event), CRYO_ERR_TIMEOUT);
    puller p = {.queue = queue, .done = TALLY_INIT, .status = CRYO_OK};
    for (int i = 0; i < 20; ++i) {
        const pthread_t thread = run(pull, &p);
        expect_ok(cryo_queue_wake(queue));
        join(thread);
        assert_int_equal(p.status, CRYO_ERR_STATE);
        expect_status(cryo_queue_next(queue, 0, &event), CRYO_ERR_TIMEOUT);
    }
    cryo_queue_free(queue);
}

static void free_ends_those_who_wait(void **state) {
    (void)state;
    for (int i = 0; i < 20; ++i) {
        puller p = {.queue = new_queue(), .done = TALLY_INIT, .status = CRYO_OK};
        const pthread_t one = run(pull, &p);
        puller q = {.queue = p.queue, .done = TALLY_INIT, .status = CRYO_OK};
        const pthread_t two = run(pull, &q);
        cryo_queue_free(p.queue);
        join(one);
        join(two);
        // Which one depends on whether it waited already.
        assert_true(p.status == CRYO_ERR_CLOSED || p.status == CRYO_ERR_HANDLE);
        assert_true(q.status == CRYO_ERR_CLOSED || q.status == CRYO_ERR_HANDLE);
        cryo_queue_free(p.queue);
    }
}

static void free_rejects_the_tickets_that_wait(void **state) {
    (void)state;
    cryo_queue *const queue = new_queue();
    cryo_server *const server = app_start(&(app){.threads = 1, .queue = queue});
    cryo_event_free(next_event(queue, CRYO_EVENT_LISTENING));
    peer taken;
    peer_init(&taken);
    peer_dial_with(&taken, cryo_server_port(server), TOKEN, "");
    cryo_event *const event = next_event(queue, CRYO_EVENT_AUTH);
    peer waiting;
    peer_init(&waiting);
    peer_dial_with(&waiting, cryo_server_port(server), TOKEN, "");
    assert_true(readable(queue, PEER_PATIENCE_MS));
    cryo_queue_free(queue);
    assert_int_equal(peer_answer(&waiting), 401);
    expect_ok(cryo_auth_accept(cryo_event_auth(event))); // this one was taken: it is the application's
    assert_int_equal(peer_answer(&taken), 101);
    cryo_event_free(event);
    // Nobody decides any more.
    peer late;
    assert_int_equal(peer_connect(&late, cryo_server_port(server), TOKEN), 401);
    peer_send_text(&taken, "into the void");
    assert_true(peer_receive_type(&taken, PEER_ACK));
    peer_hang_up(&taken);
    peer_hang_up(&waiting);
    peer_hang_up(&late);
    cryo_server_free(server);
}

// ---- capacity ----

static void arguments_are_looked_at(void **state) {
    (void)state;
    cryo_queue *const queue = new_queue();
    cryo_event *event = NULL;
    expect_status(cryo_queue_new(NULL), CRYO_ERR_INVALID);
    expect_status(cryo_queue_set_capacity(queue, 0, 1), CRYO_ERR_INVALID);
    expect_status(cryo_queue_set_capacity(queue, 1, 0), CRYO_ERR_INVALID);
    expect_ok(cryo_queue_set_capacity(queue, 1, 1));
    expect_status(cryo_queue_next(queue, 0, NULL), CRYO_ERR_INVALID);
    expect_status(cryo_queue_next(queue, -2, &event), CRYO_ERR_INVALID);
    cryo_queue_free(queue);
}

enum { FLOOD_BYTES = 4096, FLOOD = 10000 };

// Sends until the server's kernel buffers and ours are full; the number of whole and broken frames in them.
static size_t send_until_stuck(peer *p, const uint8_t *wire, size_t size, size_t *rest) {
    size_t sent = 0;
    for (;;) {
        const ssize_t n = send(p->fd, wire + sent % size, size - sent % size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n > 0) {
            sent += (size_t)n;
            assert_true(sent / size < FLOOD);
            continue;
        }
        // Full for now; stuck when nothing makes room for a while although the server is free to read.
        struct pollfd ready = {.fd = p->fd, .events = POLLOUT, .revents = 0};
        if (poll(&ready, 1, 300) == 0) break;
    }
    *rest = size - sent % size;
    return (sent + size - 1) / size;
}

static void a_full_queue_stops_reading_until_there_is_room(void **state) {
    (void)state;
    for (int by_bytes = 0; by_bytes < 2; ++by_bytes) {
        cryo_queue *const queue = new_queue();
        if (by_bytes)
            expect_ok(cryo_queue_set_capacity(queue, 1000000, 8 * FLOOD_BYTES));
        else
            expect_ok(cryo_queue_set_capacity(queue, 8, UINT64_MAX));
        cryo_server *const server =
            app_start(&(app){.threads = 1, .queue = queue, .on_validate = accept_everybody});
        peer p;
        assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
        uint8_t *const payload = calloc(1, FLOOD_BYTES);
        size_t size = 0;
        uint8_t *const wire = peer_wire_frame(&p, PEER_BINARY, 0, payload, FLOOD_BYTES, &size);
        size_t rest = 0;
        const size_t messages = send_until_stuck(&p, wire, size, &rest);
        // Only what waits goes on waiting: each message that is taken makes room for others, and all come.
        size_t pulled = 0;
        if (rest == size) rest = 0;
        if (rest > 0) {
            // The last frame is not whole: its end follows as soon as there is room.
            while (pulled < messages - 1) {
                cryo_event_free(next_event(queue, CRYO_EVENT_MESSAGE));
                ++pulled;
            }
            peer_send_raw(&p, wire + size - rest, rest);
        }
        while (pulled < messages) {
            cryo_event_free(next_event(queue, CRYO_EVENT_MESSAGE));
            ++pulled;
        }
        cryo_event *none = NULL;
        expect_status(cryo_queue_next(queue, 0, &none), CRYO_ERR_TIMEOUT);
        free(wire);
        free(payload);
        peer_hang_up(&p);
        cryo_server_free(server);
        cryo_queue_free(queue);
    }
}

// ---- several ----

enum { SERVERS = 3, PULLERS = 3, TEXTS = 300 };

typedef struct counts {
    cryo_queue *queue;
    atomic_uint messages;
    atomic_uint sessions;
} counts;

static void *pull_all(void *argument) {
    counts *const c = argument;
    for (;;) {
        cryo_event *event = NULL;
        const cryo_status status = cryo_queue_next(c->queue, -1, &event);
        if (status != CRYO_OK) return NULL;
        switch (cryo_event_kind(event)) {
        case CRYO_EVENT_AUTH:
            expect_ok(cryo_auth_accept(cryo_event_auth(event)));
            break;
        case CRYO_EVENT_SESSION:
            atomic_fetch_add(&c->sessions, 1);
            break;
        case CRYO_EVENT_MESSAGE:
            atomic_fetch_add(&c->messages, 1);
            expect_ok(cryo_session_send(cryo_event_session(event), CRYO_UTF8, (const uint8_t *)"ok", 2));
            break;
        default:
            break;
        }
        cryo_event_free(event);
    }
}

static void servers_share_a_queue_and_threads_pull_it(void **state) {
    (void)state;
    counts c = {.queue = new_queue()};
    cryo_server *servers[SERVERS];
    peer peers[SERVERS];
    pthread_t pullers[PULLERS];
    for (int i = 0; i < PULLERS; ++i)
        pullers[i] = run(pull_all, &c);
    for (int i = 0; i < SERVERS; ++i) {
        servers[i] = app_start(&(app){.threads = 1 + (uint32_t)i % 2, .queue = c.queue});
        assert_int_equal(peer_connect(&peers[i], cryo_server_port(servers[i]), TOKEN), 101);
    }
    for (int k = 0; k < TEXTS; ++k)
        for (int i = 0; i < SERVERS; ++i)
            peer_send_text(&peers[i], "text");
    for (int i = 0; i < SERVERS; ++i)
        for (int k = 0; k < TEXTS; ++k)
            assert_true(peer_hears(&peers[i], "ok"));
    assert_int_equal(atomic_load(&c.messages), SERVERS * TEXTS);
    assert_int_equal(atomic_load(&c.sessions), SERVERS);
    cryo_server_free(servers[0]); // the others go on
    peer_send_text(&peers[1], "text");
    assert_true(peer_hears(&peers[1], "ok"));
    for (int i = 0; i < SERVERS; ++i) {
        peer_hang_up(&peers[i]);
        cryo_server_free(servers[i]);
    }
    cryo_queue_free(c.queue);
    for (int i = 0; i < PULLERS; ++i)
        join(pullers[i]);
}

static void events_outlive_their_server(void **state) {
    (void)state;
    cryo_queue *const queue = new_queue();
    cryo_server *const server =
        app_start(&(app){.threads = 1, .queue = queue, .on_validate = accept_everybody});
    peer p;
    assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
    peer_send_text(&p, "text");
    assert_true(peer_receive_type(&p, PEER_ACK));
    peer_hang_up(&p);
    cryo_server_free(server);
    cryo_event *const event = next_event(queue, CRYO_EVENT_MESSAGE);
    expect_status(send_text(cryo_event_session(event), "x"), CRYO_ERR_CLOSED);
    uint8_t id[16];
    expect_ok(cryo_session_id(cryo_event_session(event), id));
    assert_memory_equal(id, p.id, sizeof id);
    cryo_event_free(event);
    cryo_event_free(next_event(queue, CRYO_EVENT_CLOSED));
    cryo_queue_free(queue);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_conversation_is_pulled),
        cmocka_unit_test(the_statistics_are_pulled),
        cmocka_unit_test(one_is_woken_by_one_wake),
        cmocka_unit_test(free_ends_those_who_wait),
        cmocka_unit_test(free_rejects_the_tickets_that_wait),
        cmocka_unit_test(arguments_are_looked_at),
        cmocka_unit_test(a_full_queue_stops_reading_until_there_is_room),
        cmocka_unit_test(servers_share_a_queue_and_threads_pull_it),
        cmocka_unit_test(events_outlive_their_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
