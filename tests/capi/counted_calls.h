// Counts what threads of a test, and the library on them, ask of the C library (glibc): the program's
// functions stand in front of its own.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// Whether this thread's calls are counted.
extern _Thread_local bool calls_count;

typedef struct call_counts {
    unsigned large;  // allocations of at least the size that was said
    unsigned locks;  // of mutexes
    unsigned writes; // to descriptors: how libuv wakes a loop
} call_counts;

void begin_counting(size_t large_size);
// Since then, of all threads that count.
call_counts counted(void);
