#include "client_app.h"

#include <stdio.h>
#include <string.h>

void diary_init(diary *d) {
    memset(d, 0, sizeof *d);
    const tally fresh = TALLY_INIT;
    d->sessions = d->messages = d->disconnects = d->reconnects = d->failures = d->lost = d->closings = fresh;
}

static void on_session(cryo_session *session, void *user) {
    (void)session;
    tally_add(&((diary *)user)->sessions);
}
static void on_message(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)session, (void)kind;
    diary *const d = user;
    pthread_mutex_lock(&d->messages.mutex); // with several service threads, peers are told of at once
    snprintf(d->message, sizeof d->message, "%.*s", (int)len, (const char *)data);
    pthread_mutex_unlock(&d->messages.mutex);
    tally_add(&d->messages);
}
static void on_closed(cryo_session *session, int32_t code, const char *reason, void *user) {
    (void)session;
    diary *const d = user;
    pthread_mutex_lock(&d->closings.mutex); // of all that is written below
    d->code = code;
    snprintf(d->reason, sizeof d->reason, "%s", reason);
    pthread_mutex_unlock(&d->closings.mutex);
    tally_add(&d->closings);
}
static void on_disconnected(cryo_session *session, int32_t code, const char *reason, void *user) {
    (void)session, (void)reason;
    diary *const d = user;
    pthread_mutex_lock(&d->closings.mutex);
    d->code = code;
    pthread_mutex_unlock(&d->closings.mutex);
    tally_add(&d->disconnects);
}
static void on_reconnected(cryo_session *session, void *user) {
    (void)session;
    tally_add(&((diary *)user)->reconnects);
}
static void on_attempt_failed(cryo_session *session, cryo_status status, int32_t http_status,
                              const char *text, int64_t retry_ms, void *user) {
    (void)session;
    diary *const d = user;
    pthread_mutex_lock(&d->closings.mutex);
    d->status = status;
    d->http_status = http_status;
    d->retry_ms = retry_ms;
    snprintf(d->reason, sizeof d->reason, "%s", text);
    pthread_mutex_unlock(&d->closings.mutex);
    tally_add(&d->failures);
}
static void on_lost(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)session, (void)kind, (void)data, (void)len;
    tally_add(&((diary *)user)->lost);
}

cryo_client_options *make_options(uint16_t port, tuning tune) {
    char url[64];
    snprintf(url, sizeof url, "ws://127.0.0.1:%u/path?a=b", (unsigned)port);
    cryo_client_options *options = NULL;
    expect_ok(cryo_client_options_new(&options));
    expect_ok(cryo_client_options_set_url(options, url));
    expect_ok(cryo_client_options_set_token(options, TOKEN));
    expect_ok(cryo_client_options_set_reconnect_initial_ms(options, 20));
    expect_ok(cryo_client_options_set_reconnect_max_ms(options, 50));
    if (tune != NULL) tune(options);
    return options;
}

app diary_app(diary *d, uint32_t threads) {
    return (app){.threads = threads,
                 .on_session = on_session,
                 .on_message = on_message,
                 .on_closed = on_closed,
                 .on_disconnected = on_disconnected,
                 .on_reconnected = on_reconnected,
                 .on_attempt_failed = on_attempt_failed,
                 .on_lost = on_lost,
                 .user = d};
}

cryo_client *make_client(diary *d, uint16_t port, tuning tune, cryo_loop *loop) {
    cryo_events *events = NULL;
    cryo_client *client = NULL;
    cryo_client_options *const options = make_options(port, NULL);
    expect_ok(cryo_events_new(d, NULL, &events));
    expect_ok(cryo_events_on_session(events, on_session));
    expect_ok(cryo_events_on_message(events, on_message));
    expect_ok(cryo_events_on_closed(events, on_closed));
    expect_ok(cryo_events_on_disconnected(events, on_disconnected));
    expect_ok(cryo_events_on_reconnected(events, on_reconnected));
    expect_ok(cryo_events_on_attempt_failed(events, on_attempt_failed));
    expect_ok(cryo_events_on_lost(events, on_lost));
    expect_ok(cryo_client_options_set_events(options, events));
    if (loop != NULL) expect_ok(cryo_client_options_set_loop(options, loop));
    if (tune != NULL) tune(options);
    expect_ok(cryo_client_new(options, &client));
    cryo_client_options_free(options);
    cryo_events_free(events);
    return client;
}

cryo_client *start_client(diary *d, uint16_t port, tuning tune) {
    cryo_client *const client = make_client(d, port, tune, NULL);
    expect_ok(cryo_client_start(client));
    return client;
}

cryo_status say(cryo_client *client, const char *text) {
    return cryo_session_send(cryo_client_session(client), CRYO_UTF8, (const uint8_t *)text, strlen(text));
}
