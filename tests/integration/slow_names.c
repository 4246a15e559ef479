/* Preloaded: the names of slow.test take half a minute, as with a name server that does not answer, those of
 * brief.test a second. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

typedef int (*lookup)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **found) {
    static const char slow[] = "slow.test", brief[] = "brief.test";
    const size_t size = node == NULL ? 0 : strlen(node);
    const int is_brief = size >= sizeof brief - 1 && strcmp(node + size - (sizeof brief - 1), brief) == 0;
    if (is_brief || (size >= sizeof slow - 1 && strcmp(node + size - (sizeof slow - 1), slow) == 0)) {
        for (unsigned left = is_brief ? 1 : 30; left > 0;)
            left = sleep(left);
        return EAI_AGAIN;
    }
    return ((lookup)dlsym(RTLD_NEXT, "getaddrinfo"))(node, service, hints, found);
}
