#include "talk.h"

#include <stdio.h>
#include <string.h>

double talk_stat(talk *t, int32_t stat) {
    pthread_mutex_lock(&t->stats.mutex);
    const double value = t->last_stats[stat];
    pthread_mutex_unlock(&t->stats.mutex);
    return value;
}

cryo_status send_text(cryo_session *session, const char *text) {
    return cryo_session_send(session, CRYO_UTF8, (const uint8_t *)text, strlen(text));
}

void talk_on_session(cryo_session *session, void *user) {
    talk *const t = user;
    pthread_mutex_lock(&t->sessions.mutex);
    if (t->session == NULL) t->session = cryo_session_retain(session);
    pthread_mutex_unlock(&t->sessions.mutex);
    tally_add(&t->sessions);
}

void talk_on_message(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)session;
    talk *const t = user;
    pthread_mutex_lock(&t->messages.mutex); // with several service threads, sessions are told of at once
    t->last_kind = kind;
    snprintf(t->last_message, sizeof t->last_message, "%.*s", (int)len, (const char *)data);
    pthread_mutex_unlock(&t->messages.mutex);
    tally_add(&t->messages);
}

void talk_on_closed(cryo_session *session, int32_t code, const char *reason, void *user) {
    (void)session;
    talk *const t = user;
    pthread_mutex_lock(&t->closings.mutex);
    t->code = code;
    snprintf(t->reason, sizeof t->reason, "%s", reason);
    pthread_mutex_unlock(&t->closings.mutex);
    tally_add(&t->closings);
}

void talk_on_stat(cryo_session *session, int32_t stat, double value, void *user) {
    (void)session;
    talk *const t = user;
    pthread_mutex_lock(&t->stats.mutex);
    t->last_stats[stat] = value;
    pthread_mutex_unlock(&t->stats.mutex);
    tally_add(&t->stats);
}

void talk_listen(talk *t, const app *what) {
    static const tally none = TALLY_INIT;
    memset(t, 0, sizeof *t);
    t->sessions = t->messages = t->closings = t->stats = none;
    app mine = *what;
    if (mine.threads == 0) mine.threads = 1;
    if (mine.close_timeout_ms == 0) mine.close_timeout_ms = 2000;
    if (mine.on_session == NULL) mine.on_session = talk_on_session;
    if (mine.on_message == NULL) mine.on_message = talk_on_message;
    if (mine.on_closed == NULL) mine.on_closed = talk_on_closed;
    if (mine.on_stat == NULL) mine.on_stat = talk_on_stat;
    mine.user = t;
    t->server = app_start(&mine);
    peer_init(&t->client);
}

void talk_start(talk *t, const app *what) {
    talk_listen(t, what);
    peer_dial_with(&t->client, cryo_server_port(t->server), TOKEN, "");
    assert_int_equal(peer_answer(&t->client), 101);
    tally_wait(&t->sessions, 1);
    assert_non_null(t->session);
}

void talk_end(talk *t) {
    peer_hang_up(&t->client);
    cryo_server_free(t->server);
    cryo_session_release(t->session);
}
