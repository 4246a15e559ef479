/* The C header by itself, twice, with nothing before it. */
#include <cryo.h>

/* A program sees the version before it runs. */
#if CRYO_VERSION_MAJOR * 1000 + CRYO_VERSION_MINOR < 1 || CRYO_ABI_VERSION < 1
#error "cryo.h does not say which version it is"
#endif

uint32_t version_for_c(void);
uint32_t version_for_c(void) {
    return cryo_version();
}
