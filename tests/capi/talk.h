// A server with one client: its session is held from outside of the callbacks, and what was called back is
// noted.
#pragma once

#include "app.h"

typedef struct talk {
    cryo_server *server;
    peer client;
    cryo_session *session; // retained
    tally sessions;
    tally messages;
    tally closings;
    tally stats;
    // Written in callbacks, to be read when the tally says that there was one.
    int32_t code;
    char reason[256];
    int32_t last_kind;
    char last_message[256];
    double last_stats[8]; // see talk_stat
} talk;

// `what` may leave out everything; the functions that it has are the talk's own, with the talk as `user`.
void talk_start(talk *t, const app *what);
// The server alone: clients come later.
void talk_listen(talk *t, const app *what);
// Closes what is open, and frees.
void talk_end(talk *t);

// The same as the functions that a talk has, for tests that do something more in one of them.
void talk_on_session(cryo_session *session, void *user);
void talk_on_message(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user);
void talk_on_closed(cryo_session *session, int32_t code, const char *reason, void *user);
void talk_on_stat(cryo_session *session, int32_t stat, double value, void *user);

// The value of the last event of this statistic.
double talk_stat(talk *t, int32_t stat);

cryo_status send_text(cryo_session *session, const char *text);
