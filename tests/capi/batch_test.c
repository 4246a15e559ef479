// Events pulled many at a time: what lies where, order, bounds, sizes, waking, giving back, and the answers.
#include "talk.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t u32_at(const uint8_t *from) {
    uint32_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

static uint64_t u64_at(const uint8_t *from) {
    uint64_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

static int32_t kind_of(const uint8_t *e) {
    return (int32_t)u32_at(e + CRYO_RECORD_KIND);
}
static cryo_session *session_of(const uint8_t *e) {
    return (cryo_session *)(uintptr_t)u64_at(e + CRYO_RECORD_SESSION);
}
static void *ticket_of(const uint8_t *e) {
    return (void *)(uintptr_t)u64_at(e + CRYO_RECORD_TICKET);
}
static int32_t code_of(const uint8_t *e) {
    return (int32_t)u32_at(e + CRYO_RECORD_CODE);
}
static const uint8_t *data_of(const uint8_t *e, size_t *len) {
    *len = (size_t)u64_at(e + CRYO_RECORD_DATA_LENGTH);
    return e + u32_at(e + CRYO_RECORD_DATA);
}
static const char *text_of(const uint8_t *e) {
    const uint32_t at = u32_at(e + CRYO_RECORD_TEXT);
    return at == 0 ? "" : (const char *)e + at;
}

// A reader of one event after the other.
typedef struct reader {
    cryo_queue *queue;
    const uint8_t *batch;
    size_t len;
    const uint8_t *next; // in the batch; NULL: none is left
} reader;

static void look_at_the_head(const uint8_t *batch, size_t len) {
    assert_int_equal(u32_at(batch), CRYO_BATCH_VERSION);
    assert_int_equal(u64_at(batch + CRYO_BATCH_BYTES), len);
    assert_int_equal(u32_at(batch + CRYO_BATCH_RECORD_SIZE), CRYO_RECORD_SIZE);
    assert_true(u32_at(batch + CRYO_BATCH_COUNT) > 0);
    uint32_t count = 0;
    const uint8_t *at = batch + u32_at(batch + CRYO_BATCH_FIRST);
    for (; at < batch + len; at += u64_at(at)) {
        ++count;
        assert_int_equal((uintptr_t)at % 8, 0);
        assert_true(u64_at(at) >= CRYO_RECORD_SIZE);
        size_t size = 0;
        const uint8_t *const data = data_of(at, &size);
        assert_true(data + size <= at + u64_at(at));
        assert_int_equal(strlen(text_of(at)), u32_at(at + CRYO_RECORD_TEXT_LENGTH));
    }
    assert_ptr_equal(at, batch + len);
    assert_int_equal(count, u32_at(batch + CRYO_BATCH_COUNT));
}

// The next event, in a batch that is given back when the next one is taken.
static const uint8_t *read_next(reader *r) {
    if (r->next == NULL) {
        expect_ok(cryo_queue_next_many(r->queue, PEER_PATIENCE_MS, 0, &r->batch, &r->len));
        look_at_the_head(r->batch, r->len);
        r->next = r->batch + u32_at(r->batch + CRYO_BATCH_FIRST);
    }
    const uint8_t *const event = r->next;
    r->next += u64_at(event);
    if (r->next == r->batch + r->len) r->next = NULL;
    return event;
}

static const uint8_t *read_kind(reader *r, int32_t kind) {
    const uint8_t *const event = read_next(r);
    assert_int_equal(kind_of(event), kind);
    return event;
}

static void end_reading(reader *r) {
    assert_null(r->next);
    expect_ok(cryo_queue_release(r->queue, r->batch));
    cryo_queue_free(r->queue);
}

static cryo_queue *new_queue(void) {
    cryo_queue *queue = NULL;
    expect_ok(cryo_queue_new(&queue));
    return queue;
}

static void expect_no_batch(cryo_queue *queue) {
    const uint8_t *batch = NULL;
    size_t len = 0;
    expect_status(cryo_queue_next_many(queue, 0, 0, &batch, &len), CRYO_ERR_TIMEOUT);
    assert_null(batch);
}

static void a_conversation_comes_in_batches(void **state) {
    (void)state;
    reader r = {.queue = new_queue()};
    expect_no_batch(r.queue);
    cryo_server *const server = app_start(&(app){.threads = 1, .queue = r.queue, .keepalive_ms = 60000});
    const uint8_t *event = read_kind(&r, CRYO_EVENT_LISTENING);
    assert_string_equal(text_of(event), "127.0.0.1");
    assert_int_equal(code_of(event), cryo_server_port(server));
    assert_null(session_of(event));

    peer p;
    peer_init(&p);
    peer_dial_with(&p, cryo_server_port(server), TOKEN, "");
    event = read_kind(&r, CRYO_EVENT_AUTH);
    size_t len = 0;
    assert_memory_equal(data_of(event, &len), TOKEN, strlen(TOKEN));
    assert_int_equal(len, strlen(TOKEN));
    expect_ok(cryo_auth_accept(ticket_of(event)));
    assert_int_equal(peer_answer(&p), 101);
    cryo_session *const session = cryo_session_retain(session_of(read_kind(&r, CRYO_EVENT_SESSION)));
    assert_non_null(session);

    peer_send_text(&p, "text");
    event = read_kind(&r, CRYO_EVENT_MESSAGE);
    assert_ptr_equal(session_of(event), session);
    assert_int_equal(u32_at(event + CRYO_RECORD_MESSAGE_KIND), CRYO_UTF8);
    assert_memory_equal(data_of(event, &len), "text", 4);
    assert_int_equal(len, 4);
    assert_int_equal(u64_at(event + CRYO_RECORD_MESSAGE_ID), 0);
    assert_null(ticket_of(event));
    expect_ok(send_text(session_of(event), "pulled"));
    assert_true(peer_hears(&p, "pulled"));

    peer_send_binary(&p, "", 0);
    event = read_kind(&r, CRYO_EVENT_MESSAGE);
    assert_int_equal(u32_at(event + CRYO_RECORD_MESSAGE_KIND), CRYO_BINARY);
    data_of(event, &len);
    assert_int_equal(len, 0);

    // With a receipt, and behind what was sent without.
    expect_ok(send_text(session, "first"));
    expect_ok(cryo_session_send_with(session, CRYO_UTF8, (const uint8_t *)"second", 6, NULL, 77));
    expect_ok(send_text(session, "third"));
    assert_true(peer_hears(&p, "first"));
    assert_true(peer_hears(&p, "second"));
    assert_true(peer_hears(&p, "third"));
    event = read_kind(&r, CRYO_EVENT_RECEIPT);
    assert_int_equal(u64_at(event + CRYO_RECORD_RECEIPT), 77);
    assert_int_equal(code_of(event), CRYO_RECEIPT_ACKNOWLEDGED);

    assert_int_equal(peer_close(&p, 4000, "bye"), 4000);
    event = read_kind(&r, CRYO_EVENT_CLOSED);
    assert_ptr_equal(session_of(event), session);
    assert_int_equal(code_of(event), 4000);
    assert_string_equal(text_of(event), "bye");
    expect_status(send_text(session, "late"), CRYO_ERR_CLOSED);
    cryo_session_release(session);
    peer_hang_up(&p);
    cryo_server_free(server);
    end_reading(&r);
}

static void the_statistics_come_too(void **state) {
    (void)state;
    reader r = {.queue = new_queue()};
    cryo_server *const server = app_start(
        &(app){.threads = 1, .queue = r.queue, .on_validate = accept_everybody, .keepalive_ms = 20});
    peer p;
    assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
    const uint8_t *event = read_next(&r);
    while (kind_of(event) != CRYO_EVENT_STAT)
        event = read_next(&r);
    double value = -1;
    memcpy(&value, event + CRYO_RECORD_VALUE, sizeof value);
    assert_true(value >= 0);
    assert_in_range(code_of(event), CRYO_STAT_RTT, CRYO_STAT_ACK_TIMEOUT);
    peer_hang_up(&p);
    cryo_server_free(server);
    while (kind_of(event) != CRYO_EVENT_CLOSED)
        event = read_next(&r);
    end_reading(&r);
}

static void hooks_and_tokens_have_their_tickets(void **state) {
    (void)state;
    reader r = {.queue = new_queue()};
    cryo_server *const server =
        app_start(&(app){.threads = 1, .queue = r.queue, .on_validate = accept_everybody});
    read_kind(&r, CRYO_EVENT_LISTENING);
    cryo_extension *extension = NULL;
    expect_ok(cryo_extension_new("shout", NULL, NULL, &extension));
    expect_ok(cryo_extension_set_queue(extension, CRYO_ON_RECEIVE, CRYO_UTF8, r.queue));
    expect_ok(cryo_server_add_extension(server, extension));
    cryo_extension_free(extension);
    peer p;
    assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
    read_kind(&r, CRYO_EVENT_SESSION);
    peer_send_text(&p, "low");
    const uint8_t *event = read_kind(&r, CRYO_EVENT_HOOK);
    assert_string_equal(text_of(event), "shout");
    assert_int_equal(code_of(event), CRYO_ON_RECEIVE);
    size_t len = 0;
    assert_memory_equal(data_of(event, &len), "low", 3);
    expect_ok(cryo_hook_replace(ticket_of(event), (const uint8_t *)"LOUD", 4));
    event = read_kind(&r, CRYO_EVENT_MESSAGE);
    assert_memory_equal(data_of(event, &len), "LOUD", 4);
    peer_hang_up(&p);
    cryo_server_free(server);
    read_kind(&r, CRYO_EVENT_CLOSED);
    end_reading(&r);
}

// ---- order, bounds, sizes ----

enum { MANY = 5000 };

static void many_messages_keep_their_order(void **state) {
    (void)state;
    for (uint32_t most = 0; most < 8; most += 7) {
        reader r = {.queue = new_queue()};
        cryo_server *const server =
            app_start(&(app){.threads = 2, .queue = r.queue, .on_validate = accept_everybody});
        read_kind(&r, CRYO_EVENT_LISTENING);
        peer peers[2];
        for (int i = 0; i < 2; ++i) {
            assert_int_equal(peer_connect(&peers[i], cryo_server_port(server), TOKEN), 101);
            read_kind(&r, CRYO_EVENT_SESSION);
        }
        for (uint32_t n = 0; n < MANY; ++n) {
            const uint32_t number[2] = {n % 2, n / 2};
            peer_send_binary(&peers[n % 2], number, sizeof number);
        }
        uint32_t seen[2] = {0, 0};
        uint32_t events = 0;
        expect_ok(cryo_queue_release(r.queue, r.batch));
        const uint8_t *batch = NULL;
        size_t len = 0;
        while (events < MANY) {
            expect_ok(cryo_queue_next_many(r.queue, PEER_PATIENCE_MS, most, &batch, &len));
            look_at_the_head(batch, len);
            if (most != 0) assert_in_range(u32_at(batch + CRYO_BATCH_COUNT), 1, most);
            for (const uint8_t *e = batch + u32_at(batch + CRYO_BATCH_FIRST); e < batch + len;
                 e += u64_at(e)) {
                size_t size = 0;
                const uint8_t *const data = data_of(e, &size);
                assert_int_equal(size, 8);
                assert_int_equal(u32_at(data + 4), seen[u32_at(data)]++);
                ++events;
            }
        }
        expect_no_batch(r.queue);
        for (int i = 0; i < 2; ++i)
            peer_hang_up(&peers[i]);
        cryo_server_free(server);
        cryo_queue_free(r.queue); // and the batch that is out
    }
}

static void let_in_large_ones(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_max_message_bytes(options, 32 * 1024 * 1024));
}

static void large_messages_come_whole(void **state) {
    (void)state;
    static const size_t sizes[] = {16 << 20, 1, 65536, 65000, 4096, 3};
    reader r = {.queue = new_queue()};
    cryo_server *const server = app_start(
        &(app){.threads = 1, .queue = r.queue, .on_validate = accept_everybody, .tune = let_in_large_ones});
    read_kind(&r, CRYO_EVENT_LISTENING);
    peer p;
    assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
    read_kind(&r, CRYO_EVENT_SESSION);
    uint8_t *const payload = malloc(sizes[0]);
    for (size_t i = 0; i < sizes[0]; ++i)
        payload[i] = (uint8_t)(i * 7 + i / 251);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i)
        peer_send_binary(&p, payload, sizes[i]);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        const uint8_t *const event = read_kind(&r, CRYO_EVENT_MESSAGE);
        size_t len = 0;
        const uint8_t *const data = data_of(event, &len);
        assert_int_equal(len, sizes[i]);
        assert_int_equal(memcmp(data, payload, len), 0);
        // And back: behind each other, whichever way they take.
        expect_ok(cryo_session_send(session_of(event), CRYO_BINARY, data, len < 100000 ? len : 100000));
    }
    expect_ok(cryo_queue_release(r.queue, r.batch));
    r.batch = NULL;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        assert_true(peer_receive_type(&p, PEER_BINARY));
        assert_int_equal(p.data_len, sizes[i] < 100000 ? sizes[i] : 100000);
    }
    free(payload);
    peer_hang_up(&p);
    cryo_server_free(server);
    read_kind(&r, CRYO_EVENT_CLOSED);
    end_reading(&r);
}

static void a_full_queue_holds_up_reading(void **state) {
    (void)state;
    enum { TEXTS = 3000 };
    reader r = {.queue = new_queue()};
    expect_ok(cryo_queue_set_capacity(r.queue, 16, 4096));
    cryo_server *const server =
        app_start(&(app){.threads = 1, .queue = r.queue, .on_validate = accept_everybody});
    read_kind(&r, CRYO_EVENT_LISTENING);
    peer p;
    assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
    read_kind(&r, CRYO_EVENT_SESSION);
    for (int i = 0; i < TEXTS; ++i)
        peer_send_text(&p, "text");
    for (int i = 0; i < TEXTS; ++i)
        read_kind(&r, CRYO_EVENT_MESSAGE);
    expect_ok(cryo_queue_release(r.queue, r.batch));
    r.batch = NULL;
    expect_no_batch(r.queue);
    peer_hang_up(&p);
    cryo_server_free(server);
    read_kind(&r, CRYO_EVENT_CLOSED);
    end_reading(&r);
}

// ---- both ways of pulling ----

static void one_by_one_and_many_take_turns(void **state) {
    (void)state;
    enum { TEXTS = 400 };
    cryo_queue *const queue = new_queue();
    cryo_server *const server =
        app_start(&(app){.threads = 1, .queue = queue, .on_validate = accept_everybody});
    peer p;
    assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
    cryo_event_free(next_event(queue, CRYO_EVENT_SESSION));
    char text[16];
    for (int i = 0; i < TEXTS; ++i) {
        snprintf(text, sizeof text, "%d", i);
        peer_send_text(&p, text);
    }
    const uint8_t *batch = NULL;
    size_t len = 0;
    for (int i = 0; i < TEXTS;) {
        cryo_event *const single = next_event(queue, CRYO_EVENT_MESSAGE);
        snprintf(text, sizeof text, "%d", i++);
        assert_int_equal(memcmp(cryo_event_data(single, NULL), text, strlen(text)), 0);
        if (i < TEXTS) {
            expect_ok(cryo_queue_next_many(queue, PEER_PATIENCE_MS, 3, &batch, &len));
            look_at_the_head(batch, len);
            for (const uint8_t *e = batch + u32_at(batch + CRYO_BATCH_FIRST); e < batch + len;
                 e += u64_at(e)) {
                snprintf(text, sizeof text, "%d", i++);
                assert_int_equal(memcmp(data_of(e, &len), text, strlen(text)), 0);
                len = (size_t)u64_at(batch + CRYO_BATCH_BYTES);
            }
        }
        assert_non_null(cryo_event_session(single));
        cryo_event_free(single);
    }
    peer_hang_up(&p);
    cryo_server_free(server);
    cryo_queue_free(queue);
}

// What was taken first holds on to its sessions, whichever is given back first.
static void sessions_live_as_long_as_their_batches(void **state) {
    (void)state;
    cryo_queue *const queue = new_queue();
    cryo_server *const server =
        app_start(&(app){.threads = 1, .queue = queue, .on_validate = accept_everybody});
    peer p;
    assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
    cryo_event_free(next_event(queue, CRYO_EVENT_SESSION));
    peer_send_text(&p, "text");
    const uint8_t *first = NULL, *second = NULL;
    size_t len = 0;
    expect_ok(cryo_queue_next_many(queue, PEER_PATIENCE_MS, 1, &first, &len));
    cryo_session *const session = session_of(first + u32_at(first + CRYO_BATCH_FIRST));
    assert_true(peer_receive_type(&p, PEER_ACK));
    peer_hang_up(&p);
    expect_ok(cryo_queue_next_many(queue, PEER_PATIENCE_MS, 1, &second, &len));
    assert_int_equal(kind_of(second + u32_at(second + CRYO_BATCH_FIRST)), CRYO_EVENT_CLOSED);
    expect_ok(cryo_queue_release(queue, second));
    expect_status(cryo_queue_release(queue, second), CRYO_ERR_INVALID);
    expect_status(send_text(session, "x"), CRYO_ERR_CLOSED);
    expect_ok(cryo_queue_release(queue, first));
    cryo_server_free(server);
    expect_status(send_text(session, "x"), CRYO_ERR_HANDLE);
    cryo_queue_free(queue);
}

// ---- waking ----

typedef struct puller {
    cryo_queue *queue;
    tally done;
    cryo_status status;
} puller;

static void *pull(void *argument) {
    puller *const p = argument;
    const uint8_t *batch = NULL;
    size_t len = 0;
    p->status = cryo_queue_next_many(p->queue, -1, 0, &batch, &len);
    tally_add(&p->done);
    return NULL;
}

static bool readable(int32_t fd, int timeout_ms) {
    struct pollfd ready = {.fd = fd, .events = POLLIN, .revents = 0};
    return poll(&ready, 1, timeout_ms) == 1;
}

static void who_waits_is_woken(void **state) {
    (void)state;
    puller p = {.queue = new_queue(), .done = TALLY_INIT, .status = CRYO_OK};
    for (int i = 0; i < 10; ++i) {
        const pthread_t thread = run(pull, &p);
        expect_ok(cryo_queue_wake(p.queue));
        join(thread);
        assert_int_equal(p.status, CRYO_ERR_STATE);
    }
    expect_no_batch(p.queue);
    pthread_t thread = run(pull, &p);
    cryo_server *server = app_start(&(app){.threads = 1, .queue = p.queue});
    join(thread);
    expect_ok(p.status);
    cryo_server_free(server);
    thread = run(pull, &p);
    cryo_queue_free(p.queue);
    join(thread);
    assert_true(p.status == CRYO_ERR_CLOSED || p.status == CRYO_ERR_HANDLE);
}

// The descriptor says what there is, also to one who looks at it late.
static void the_descriptor_follows(void **state) {
    (void)state;
    reader r = {.queue = new_queue()};
    cryo_server *const server =
        app_start(&(app){.threads = 1, .queue = r.queue, .on_validate = accept_everybody});
    const int32_t fd = cryo_queue_fd(r.queue);
    assert_true(readable(fd, PEER_PATIENCE_MS)); // it listens
    read_kind(&r, CRYO_EVENT_LISTENING);
    assert_false(readable(fd, 0));
    peer p;
    assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
    assert_true(readable(fd, PEER_PATIENCE_MS));
    read_kind(&r, CRYO_EVENT_SESSION);
    for (int i = 0; i < 50; ++i) {
        assert_false(readable(fd, 0));
        peer_send_text(&p, "text");
        assert_true(readable(fd, PEER_PATIENCE_MS));
        assert_true(readable(fd, 0));
        read_kind(&r, CRYO_EVENT_MESSAGE);
    }
    expect_ok(cryo_queue_wake(r.queue));
    assert_true(readable(fd, 0));
    expect_status(cryo_queue_next_many(r.queue, -1, 0, &r.batch, &r.len), CRYO_ERR_STATE);
    assert_null(r.batch);
    assert_false(readable(fd, 0));
    peer_hang_up(&p);
    cryo_server_free(server);
    read_kind(&r, CRYO_EVENT_CLOSED);
    end_reading(&r);
}

// ---- answers ----

static void *echo(void *argument) {
    cryo_queue *const queue = argument;
    const uint8_t *batch = NULL;
    size_t len = 0;
    while (cryo_queue_next_many(queue, -1, 0, &batch, &len) == CRYO_OK)
        for (const uint8_t *e = batch + u32_at(batch + CRYO_BATCH_FIRST); e < batch + len; e += u64_at(e)) {
            size_t size = 0;
            const uint8_t *const data = data_of(e, &size);
            if (kind_of(e) == CRYO_EVENT_MESSAGE)
                cryo_session_send(session_of(e), (int32_t)u32_at(e + CRYO_RECORD_MESSAGE_KIND), data, size);
        }
    return NULL;
}

static void all_is_answered_in_order(void **state) {
    (void)state;
    enum { ROUNDS = 200, BURST = 32, PULLERS = 2 };
    for (uint32_t threads = 1; threads <= 2; ++threads) {
        cryo_queue *const queue = new_queue();
        cryo_server *const server =
            app_start(&(app){.threads = threads, .queue = queue, .on_validate = accept_everybody});
        pthread_t pullers[PULLERS];
        // With two of them a session's messages are answered by either, in any order.
        const int count = threads == 1 ? 1 : PULLERS;
        for (int i = 0; i < count; ++i)
            pullers[i] = run(echo, queue);
        peer peers[3];
        for (int i = 0; i < 3; ++i)
            assert_int_equal(peer_connect(&peers[i], cryo_server_port(server), TOKEN), 101);
        char text[32];
        for (int round = 0; round < ROUNDS; ++round) {
            for (int k = 0; k < BURST; ++k)
                for (int i = 0; i < 3; ++i) {
                    snprintf(text, sizeof text, "%d", round * BURST + k);
                    peer_send_text(&peers[i], text);
                }
            for (int i = 0; i < 3; ++i)
                for (int k = 0; k < BURST; ++k) {
                    snprintf(text, sizeof text, "%d", round * BURST + k);
                    assert_true(count == 1 ? peer_hears(&peers[i], text)
                                           : peer_receive_type(&peers[i], PEER_UTF8));
                }
        }
        for (int i = 0; i < 3; ++i)
            peer_hang_up(&peers[i]);
        cryo_server_free(server);
        cryo_queue_free(queue);
        for (int i = 0; i < count; ++i)
            join(pullers[i]);
    }
}

// A thread that takes a batch and goes on to something else has its answers on their way nevertheless, and
// what was acknowledged is told.
static void answers_need_no_next_batch(void **state) {
    (void)state;
    reader r = {.queue = new_queue()};
    cryo_server *const server =
        app_start(&(app){.threads = 1, .queue = r.queue, .on_validate = accept_everybody});
    read_kind(&r, CRYO_EVENT_LISTENING);
    peer p;
    assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
    read_kind(&r, CRYO_EVENT_SESSION);
    for (int i = 0; i < 50; ++i) {
        peer_send_text(&p, "text");
        const uint8_t *const event = read_kind(&r, CRYO_EVENT_MESSAGE);
        if (i % 2 == 0) {
            expect_ok(send_text(session_of(event), "answer"));
            assert_true(peer_hears(&p, "answer"));
        } else {
            assert_true(peer_receive_type(&p, PEER_ACK)); // of a message that gets none
        }
    }
    peer_hang_up(&p);
    cryo_server_free(server);
    read_kind(&r, CRYO_EVENT_CLOSED);
    end_reading(&r);
}

static void a_server_that_goes_takes_what_is_under_way(void **state) {
    (void)state;
    reader r = {.queue = new_queue()};
    for (int i = 0; i < 20; ++i) {
        cryo_server *const server =
            app_start(&(app){.threads = 1, .queue = r.queue, .on_validate = accept_everybody});
        read_kind(&r, CRYO_EVENT_LISTENING);
        peer p;
        assert_int_equal(peer_connect(&p, cryo_server_port(server), TOKEN), 101);
        read_kind(&r, CRYO_EVENT_SESSION);
        peer_send_text(&p, "text");
        cryo_session *const session = cryo_session_retain(session_of(read_kind(&r, CRYO_EVENT_MESSAGE)));
        for (int k = 0; k < 100; ++k)
            expect_ok(send_text(session, "some text"));
        expect_ok(cryo_server_stop(server));
        for (int k = 0; k < 100; ++k)
            if (send_text(session, "more text") != CRYO_OK) break;
        cryo_server_free(server);
        expect_status(send_text(session, "late"), CRYO_ERR_CLOSED);
        read_kind(&r, CRYO_EVENT_CLOSED);
        cryo_session_release(session);
        peer_hang_up(&p);
    }
    end_reading(&r);
}

static void arguments_are_looked_at(void **state) {
    (void)state;
    cryo_queue *const queue = new_queue();
    const uint8_t strange[CRYO_BATCH_SIZE] = {0};
    const uint8_t *batch = NULL;
    size_t len = 0;
    expect_status(cryo_queue_next_many(queue, 0, 0, NULL, &len), CRYO_ERR_INVALID);
    expect_status(cryo_queue_next_many(queue, 0, 0, &batch, NULL), CRYO_ERR_INVALID);
    expect_status(cryo_queue_next_many(queue, -2, 0, &batch, &len), CRYO_ERR_INVALID);
    expect_status(cryo_queue_next_many(NULL, 0, 0, &batch, &len), CRYO_ERR_HANDLE);
    batch = strange;
    expect_status(cryo_queue_next_many(queue, 0, 0, &batch, &len), CRYO_ERR_INVALID);
    assert_ptr_equal(batch, strange);
    expect_status(cryo_queue_release(queue, strange), CRYO_ERR_INVALID);
    expect_status(cryo_queue_release(NULL, NULL), CRYO_ERR_HANDLE);
    expect_ok(cryo_queue_release(queue, NULL));
    cryo_queue_free(queue);
    expect_status(cryo_queue_next_many(queue, 0, 0, &batch, &len), CRYO_ERR_HANDLE);
    expect_status(cryo_queue_release(queue, NULL), CRYO_ERR_HANDLE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_conversation_comes_in_batches),
        cmocka_unit_test(the_statistics_come_too),
        cmocka_unit_test(hooks_and_tokens_have_their_tickets),
        cmocka_unit_test(many_messages_keep_their_order),
        cmocka_unit_test(large_messages_come_whole),
        cmocka_unit_test(a_full_queue_holds_up_reading),
        cmocka_unit_test(one_by_one_and_many_take_turns),
        cmocka_unit_test(sessions_live_as_long_as_their_batches),
        cmocka_unit_test(who_waits_is_woken),
        cmocka_unit_test(the_descriptor_follows),
        cmocka_unit_test(all_is_answered_in_order),
        cmocka_unit_test(answers_need_no_next_batch),
        cmocka_unit_test(a_server_that_goes_takes_what_is_under_way),
        cmocka_unit_test(arguments_are_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
