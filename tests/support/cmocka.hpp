// cmocka for tests in C++, with the headers that it expects to be there before it.
#pragma once

#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <ios>

extern "C" {
#include <cmocka.h>
}

// A macro that would take the name from members that have it, in streams and in ours.
#undef fail
