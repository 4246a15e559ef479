// Memory that runs out on demand: for the C++ inside of the library, from a program in C.
#pragma once

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

// The n-th allocation of this thread from now on fails, once; 0: none does.
void fail_allocation(long n);
// Whether it came to that.
bool allocation_failed(void);

#ifdef __cplusplus
}
#endif
