// The application of a test in C, as a client.
#pragma once

#include "app.h"

// What a client was told: how often, and the last of each.
typedef struct diary {
    tally sessions, messages, disconnects, reconnects, failures, lost, closings;
    int32_t code;
    char reason[512];
    char message[256];
    cryo_status status;
    int32_t http_status;
    int64_t retry_ms;
} diary;

void diary_init(diary *d);

typedef void (*tuning)(cryo_client_options *options);

// Options to 127.0.0.1, quick to come back, without events. `tune` may be NULL.
cryo_client_options *make_options(uint16_t port, tuning tune);
// A server that writes down in the diary, also what clients are told: of its peers.
app diary_app(diary *d, uint32_t threads);

// To 127.0.0.1, with the diary as `user`, quick to come back. `tune` and `loop` may be NULL.
cryo_client *make_client(diary *d, uint16_t port, tuning tune, cryo_loop *loop);
// Started, on the library's thread.
cryo_client *start_client(diary *d, uint16_t port, tuning tune);

cryo_status say(cryo_client *client, const char *text);
