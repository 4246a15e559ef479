// Memory that runs out when a test says so: operator new of the whole program, and realloc where our code
// calls it. Only allocations of a thread inside counted() take part.
#pragma once

#include <functional>

namespace cryo_test::memory {

// The n-th counted allocation from now on fails, once; 0: none does.
void fail_at(long n);
// Whether it did.
bool failed();

void count(bool on);

template <typename Function>
auto counted(Function function) {
    struct scope {
        scope() { count(true); }
        ~scope() { count(false); }
    } const here;
    return function();
}

// Runs the script with the first, the second, … allocation failing, until it runs through without one; fails
// the test unless there were at least so many.
void fail_each(const char *name, long least, const std::function<void()> &script);

} // namespace cryo_test::memory
