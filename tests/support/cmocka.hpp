// cmocka for tests in C++, with the headers that it expects to be there before it, and those that must not
// see its macros (fail, for one).
#pragma once

#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <ios>

extern "C" {
#include <cmocka.h>
}
