// Every function of cryo.h, and how to call it with a handle that it must not take.
#pragma once

#include <cryo.h>

#include <stddef.h>
#include <stdint.h>

// In the order of the tests' list of live handles.
enum takes {
    TAKES_OPTIONS,
    TAKES_EVENTS,
    TAKES_SERVER,
    TAKES_SESSION,
    TAKES_AUTH,
    TAKES_QUEUE,
    TAKES_EVENT,
    TAKES_CLIENT_OPTIONS,
    TAKES_CLIENT,
    TAKES_LOOP,
    TAKES_EXTENSION,
    TAKES_HOOK,
    TAKES_TOKEN_REQUEST,
    HANDLE_KINDS,
    TAKES_NO_HANDLE = HANDLE_KINDS
};

enum gives {
    GIVES_STATUS,
    GIVES_NOTHING, // and does nothing with NULL, without a word
    GIVES_VALUE    // 0, NULL or "", which `call` gives back as 0
};

struct function {
    const char *name;
    enum takes takes;
    enum gives gives;
    int64_t (*call)(void *handle); // with everything else in order; NULL where there is no handle
};

extern const struct function functions[];
extern const size_t function_count;

// What the library calls such a handle in its texts.
const char *handle_name(enum takes kind);
