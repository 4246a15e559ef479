// For what a function that runs with each message does seldom: a function of its own, so that the other one
// does not save registers for it each time. Compilers would join the two again.
#pragma once

#if defined(__GNUC__)
#define CRYO_APART [[gnu::noinline]]
#else
#define CRYO_APART
#endif
