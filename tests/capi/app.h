// The application of a test in C: a server with functions of the test's, and events that can be waited for.
#pragma once

#include "c_peer.h"

#include <cryo.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TOKEN "the-token-that-nobody-may-log"

// Counts what happens on other threads; whoever waits for a number gets it, or the program ends with a
// message.
typedef struct tally {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    unsigned count;
} tally;

#define TALLY_INIT                                                                                           \
    { .mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER, .count = 0 }

void tally_add(tally *t);
unsigned tally_now(tally *t);
void tally_wait(tally *t, unsigned at_least);
void tally_reset(tally *t);
// A cryo_finalizer for a `tally *`.
void tally_finalizer(void *user);

// What a server shall be; what is left 0 is not set.
typedef struct app {
    uint32_t threads;
    cryo_validate_fn on_validate; // NULL without a queue: lets everybody in
    cryo_listening_fn on_listening;
    cryo_session_fn on_session;
    cryo_message_fn on_message;
    cryo_closed_fn on_closed;
    cryo_stat_fn on_stat;
    cryo_dropped_fn on_dropped;
    cryo_writable_fn on_writable;
    cryo_receipt_fn on_receipt;
    cryo_disconnected_fn on_disconnected; // of peers, like the three below
    cryo_reconnected_fn on_reconnected;
    cryo_attempt_failed_fn on_attempt_failed;
    cryo_lost_fn on_lost;
    void *user; // of all of them
    cryo_queue *queue;
    uint32_t keepalive_ms;
    uint32_t close_timeout_ms;
    void (*tune)(cryo_server_options *options);
} app;

// Options with all of that, on a port that the system chooses.
cryo_server_options *app_options(const app *what);
cryo_server *app_new(const app *what);
// Started.
cryo_server *app_start(const app *what);

void accept_everybody(cryo_auth *auth, const char *token, size_t len, void *user);

// A thread that calls cryo_server_run_once until the server has stopped or is freed.
typedef struct pump {
    pthread_t thread;
    cryo_server *server;
} pump;

void pump_start(pump *p, cryo_server *server);
void pump_join(pump *p);

pthread_t run(void *(*function)(void *), void *argument);
void join(pthread_t thread);

int64_t now_ms(void);

/* CRYO_TRANSPORT_*, as the environment variable CRYO_TEST_TRANSPORT says. */
int32_t tested_transport(void);

// With a message that says which call it was, and what the library said.
#define expect_status(call, status) expect_status_at((call), (status), #call, __FILE__, __LINE__)
#define expect_ok(call) expect_status(call, CRYO_OK)
void expect_status_at(int64_t is, cryo_status wanted, const char *call, const char *file, int line);

// The next event of this kind; others are freed on the way. The caller frees it.
cryo_event *next_event(cryo_queue *queue, int32_t kind);
