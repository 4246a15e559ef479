// Each allocation of a call fails once.
#pragma once

#include "app.h"

#include <stdbool.h>

// What the calls of a test share.
typedef struct attempt {
    tally finalized; // of what the attempts registered: the finalizer of a call that failed does not run
    void *made;      // of a call that makes something; NULL while it fails
    void *of;        // what the call is about
} attempt;

#define ATTEMPT_INIT                                                                                         \
    { .finalized = TALLY_INIT }

// Calls until it succeeds, with the first allocation failing, then with the second, … `call` says
// CRYO_ERR_NO_MEMORY with a text meanwhile, and the tally stands where it stood. More than `least`
// allocations must have failed.
void try_each_allocation(attempt *a, const char *name, cryo_status (*call)(attempt *), long least);

// What was made last, once.
void *made(attempt *a);
