#define _GNU_SOURCE // RTLD_NEXT

#include "counted_calls.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Thread_local bool calls_count = false;

static atomic_size_t large_size = SIZE_MAX;
static atomic_uint large, locks, writes;

void begin_counting(size_t size) {
    atomic_store(&large_size, size);
    atomic_store(&large, 0);
    atomic_store(&locks, 0);
    atomic_store(&writes, 0);
}

call_counts counted(void) {
    return (call_counts){
        .large = atomic_load(&large), .locks = atomic_load(&locks), .writes = atomic_load(&writes)};
}

static void count_allocation(size_t size) {
    if (calls_count && size >= atomic_load(&large_size)) atomic_fetch_add(&large, 1);
}

#define OURS __attribute__((visibility("default"))) // for the libraries

// The C library's own, under their other names.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern ssize_t __write(int fd, const void *data, size_t size);

OURS void *malloc(size_t size) {
    count_allocation(size);
    return __libc_malloc(size);
}

OURS void *calloc(size_t count, size_t size) {
    count_allocation(count * size);
    return __libc_calloc(count, size);
}

OURS void *realloc(void *block, size_t size) {
    count_allocation(size);
    return __libc_realloc(block, size);
}

OURS int pthread_mutex_lock(pthread_mutex_t *mutex) {
    static _Atomic(int (*)(pthread_mutex_t *)) real; // which has no other name
    int (*lock)(pthread_mutex_t *) = atomic_load(&real);
    if (lock == NULL) {
        void *const found = dlsym(RTLD_NEXT, "pthread_mutex_lock");
        memcpy(&lock, &found, sizeof lock);
        atomic_store(&real, lock);
    }
    if (calls_count) atomic_fetch_add(&locks, 1);
    return lock(mutex);
}

OURS ssize_t write(int fd, const void *data, size_t size) {
    if (calls_count) atomic_fetch_add(&writes, 1);
    return __write(fd, data, size);
}
