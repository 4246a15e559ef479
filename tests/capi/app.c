#define _POSIX_C_SOURCE 200809L

#include "app.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void give_up(const char *why) {
    fprintf(stderr, "%s; the library's last words: %s\n", why, cryo_last_error());
    abort();
}

int32_t tested_transport(void) {
    const char *const name = getenv("CRYO_TEST_TRANSPORT");
    if (name == NULL) return CRYO_TRANSPORT_AUTO;
    if (strcmp(name, "libwebsockets") == 0) return CRYO_TRANSPORT_LIBWEBSOCKETS;
    if (strcmp(name, "poll") == 0) return CRYO_TRANSPORT_POLL;
    give_up("CRYO_TEST_TRANSPORT is neither libwebsockets nor poll");
    return CRYO_TRANSPORT_AUTO;
}

int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void tally_add(tally *t) {
    pthread_mutex_lock(&t->mutex);
    ++t->count;
    pthread_cond_broadcast(&t->changed);
    pthread_mutex_unlock(&t->mutex);
}

unsigned tally_now(tally *t) {
    pthread_mutex_lock(&t->mutex);
    const unsigned count = t->count;
    pthread_mutex_unlock(&t->mutex);
    return count;
}

void tally_wait(tally *t, unsigned at_least) {
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += PEER_PATIENCE_MS / 1000;
    pthread_mutex_lock(&t->mutex);
    while (t->count < at_least)
        if (pthread_cond_timedwait(&t->changed, &t->mutex, &deadline) == ETIMEDOUT)
            give_up("what the test waits for does not happen");
    pthread_mutex_unlock(&t->mutex);
}

void tally_reset(tally *t) {
    pthread_mutex_lock(&t->mutex);
    t->count = 0;
    pthread_mutex_unlock(&t->mutex);
}

void tally_finalizer(void *user) {
    tally_add(user);
}

void expect_status_at(int64_t is, cryo_status wanted, const char *call, const char *file, int line) {
    if (is == wanted) return;
    print_error("%s: %s, but %s was expected; the library says: %s\n", call,
                cryo_status_name((cryo_status)is), cryo_status_name(wanted), cryo_last_error());
    _fail(file, line);
}

void accept_everybody(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token, (void)len, (void)user;
    cryo_auth_accept(auth);
}

cryo_server_options *app_options(const app *what) {
    cryo_events *events = NULL;
    cryo_server_options *options = NULL;
    expect_ok(cryo_events_new(what->user, NULL, &events));
    expect_ok(cryo_events_on_listening(events, what->on_listening));
    expect_ok(cryo_events_on_session(events, what->on_session));
    expect_ok(cryo_events_on_message(events, what->on_message));
    expect_ok(cryo_events_on_closed(events, what->on_closed));
    expect_ok(cryo_events_on_stat(events, what->on_stat));
    expect_ok(cryo_events_on_dropped(events, what->on_dropped));
    expect_ok(cryo_events_on_writable(events, what->on_writable));
    expect_ok(cryo_events_on_receipt(events, what->on_receipt));
    expect_ok(cryo_events_on_disconnected(events, what->on_disconnected));
    expect_ok(cryo_events_on_reconnected(events, what->on_reconnected));
    expect_ok(cryo_events_on_attempt_failed(events, what->on_attempt_failed));
    expect_ok(cryo_events_on_lost(events, what->on_lost));
    expect_ok(cryo_events_use_queue(events, what->queue));

    expect_ok(cryo_server_options_new(&options));
    expect_ok(cryo_server_options_set_port(options, 0));
    expect_ok(cryo_server_options_set_threads(options, what->threads));
    expect_ok(cryo_server_options_set_events(options, events));
    if (what->on_validate != NULL)
        expect_ok(cryo_server_options_set_validator(options, what->on_validate, what->user, NULL));
    else if (what->queue == NULL)
        expect_ok(cryo_server_options_set_validator(options, accept_everybody, NULL, NULL));
    if (what->keepalive_ms != 0) expect_ok(cryo_server_options_set_keepalive_ms(options, what->keepalive_ms));
    if (what->close_timeout_ms != 0)
        expect_ok(cryo_server_options_set_close_timeout_ms(options, what->close_timeout_ms));
    expect_ok(cryo_server_options_set_transport(options, tested_transport()));
    if (what->tune != NULL) what->tune(options);
    cryo_events_free(events);
    return options;
}

cryo_server *app_new(const app *what) {
    cryo_server_options *const options = app_options(what);
    cryo_server *server = NULL;
    expect_ok(cryo_server_new(options, &server));
    cryo_server_options_free(options);
    return server;
}

cryo_server *app_start(const app *what) {
    cryo_server *const server = app_new(what);
    expect_ok(cryo_server_start(server));
    return server;
}

static void *pump_loop(void *argument) {
    pump *const p = argument;
    cryo_status status = CRYO_OK;
    while (status == CRYO_OK)
        status = cryo_server_run_once(p->server, -1);
    if (status != CRYO_ERR_CLOSED && status != CRYO_ERR_HANDLE) give_up("cryo_server_run_once failed");
    return NULL;
}

pthread_t run(void *(*function)(void *), void *argument) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, function, argument) != 0) give_up("no thread");
    return thread;
}

void join(pthread_t thread) {
    if (pthread_join(thread, NULL) != 0) give_up("no join");
}

void pump_start(pump *p, cryo_server *server) {
    p->server = server;
    p->thread = run(pump_loop, p);
}

void pump_join(pump *p) {
    join(p->thread);
}

cryo_event *next_event(cryo_queue *queue, int32_t kind) {
    for (;;) {
        cryo_event *event = NULL;
        if (cryo_queue_next(queue, PEER_PATIENCE_MS, &event) != CRYO_OK) give_up("no event comes");
        if (cryo_event_kind(event) == kind) return event;
        cryo_event_free(event);
    }
}
