// Thread-local pointers for what is looked at with every message.
//
// A shared library reaches a thread-local variable by a call, each time, unless it is "initial-exec": then it
// is two instructions away, and takes of the little room that the system keeps for libraries which are loaded
// later (glibc keeps more than a kilobyte for that; others may keep none, and refuse to load the library). So
// only single pointers are declared like this, and only with glibc.
#pragma once

#include <cstdlib> // defines __GLIBC__

#if defined(__GLIBC__) && defined(__ELF__) && defined(__GNUC__)
#define CRYO_THREAD_POINTER [[gnu::tls_model("initial-exec")]] thread_local constinit
#else
#define CRYO_THREAD_POINTER thread_local constinit
#endif
