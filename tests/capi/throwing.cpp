// What a program in C++ may do to the library by mistake.
#include "throwing.h"

#include <stdexcept>

extern "C" void throw_it(void *user) {
    throw std::runtime_error(user == nullptr ? "thrown" : static_cast<const char *>(user));
}
