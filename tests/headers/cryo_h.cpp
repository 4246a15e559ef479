// The C header in C++.
#include <cryo.h>

static_assert(sizeof(cryo_status) == 4, "a status has 32 bits in every language");

uint32_t version_for_cpp();
uint32_t version_for_cpp() {
    return cryo_version();
}
