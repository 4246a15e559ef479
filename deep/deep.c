/* libcryo-deep: libcryo for programs that offer libuv, OpenSSL or mbedTLS of their own to all that they load,
 * as Node.js does.
 *
 * The names that it exports are those of libcryo. Each leads to the function of that name in the libcryo that
 * lies beside it, which is loaded so that it finds its own libraries before those of the program
 * (RTLD_DEEPBIND). The file of libwebsockets that speaks to libuv is loaded before that in the same way:
 * libwebsockets opens it itself, and would give it the program's libuv.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#pragma GCC diagnostic ignored "-Wpedantic" /* dlsym() gives functions as data */

#define CRYO_ERR_UNSUPPORTED (-21)

#define NAME(name) __attribute__((visibility("hidden"))) void *cryo_deep_##name;
#include "names.h"
#undef NAME

#if defined(__x86_64__)
#define LEAP(name) "endbr64\njmp *cryo_deep_" #name "(%rip)\n"
#elif defined(__aarch64__)
#define LEAP(name)                                                                                           \
    "hint 34\nadrp x16, cryo_deep_" #name "\nldr x16, [x16, :lo12:cryo_deep_" #name "]\nbr x16\n"
#else
#error "deep.c does not know how to leap on this processor; configure with -DCRYO_BUILD_DEEP=OFF"
#endif

#define NAME(name)                                                                                           \
    __asm__(".text\n.globl " #name "\n.type " #name ", %function\n.balign 16\n" #name                        \
            ":\n" LEAP(name) ".size " #name ", .-" #name "\n");
#include "names.h"
#undef NAME

static char trouble[512] = "libcryo could not be loaded.";

/* What there is instead of each function when there is no libcryo. */
static intptr_t refuse(void) {
    return CRYO_ERR_UNSUPPORTED;
}
static const char *say(void) {
    return trouble;
}

static void *missing(const char *name) {
    return strcmp(name, "cryo_last_error") == 0 || strcmp(name, "cryo_build_info") == 0 ||
                   strcmp(name, "cryo_version_string") == 0 || strcmp(name, "cryo_status_name") == 0 ||
                   strcmp(name, "cryo_event_text") == 0
               ? (void *)say
               : (void *)refuse;
}

static void *beside_this(const char *file) {
    char path[4096];
    Dl_info self;
    if (dladdr(trouble, &self) == 0 || self.dli_fname == NULL) return NULL;
    const char *const slash = strrchr(self.dli_fname, '/');
    const int folder = slash == NULL ? 0 : (int)(slash - self.dli_fname) + 1;
    if (snprintf(path, sizeof path, "%.*s%s", folder, self.dli_fname, file) >= (int)sizeof path) return NULL;
    return dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
}

__attribute__((constructor)) static void load(void) {
    dlopen("libwebsockets-evlib_uv.so", RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND); /* if there is one */
    void *library = beside_this(CRYO_FILE);
    if (library == NULL) library = dlopen(CRYO_FILE, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    if (library == NULL) {
        const char *const why = dlerror();
        snprintf(trouble, sizeof trouble, "libcryo could not be loaded: %s",
                 why != NULL ? why : "no reason is known");
    }
    void *found = NULL;
#define NAME(name)                                                                                           \
    found = library == NULL ? NULL : dlsym(library, #name);                                                  \
    cryo_deep_##name = found != NULL ? found : missing(#name);
#include "names.h"
#undef NAME
}
