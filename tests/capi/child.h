// For what runs in the child of a fork.
#pragma once

#include "cryo.h"

#include <stdio.h>
#include <unistd.h>

// In a child, where nothing of cmocka's works.
#define CHECK(what)                                                                                          \
    do {                                                                                                     \
        if (!(what)) {                                                                                       \
            fprintf(stderr, "%s:%d: not so: %s (%s)\n", __FILE__, __LINE__, #what, cryo_last_error());       \
            _exit(1);                                                                                        \
        }                                                                                                    \
    } while (0)
