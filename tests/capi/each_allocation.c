#include "each_allocation.h"

#include "failing_new.h"

#include <string.h>

void try_each_allocation(attempt *a, const char *name, cryo_status (*call)(attempt *), long least) {
    for (long n = 1;; ++n) {
        const unsigned before = tally_now(&a->finalized);
        fail_allocation(n);
        const cryo_status status = call(a);
        const bool failed = allocation_failed();
        fail_allocation(0);
        if (!failed) {
            if (status != CRYO_OK) fail_msg("%s: %s", name, cryo_last_error());
            print_message("%s: %ld allocations failed, one at a time\n", name, n - 1);
            if (n <= least) fail_msg("%s: only %ld allocations failed", name, n - 1);
            return;
        }
        if (status != CRYO_ERR_NO_MEMORY)
            fail_msg("%s: %s: %s", name, cryo_status_name(status), cryo_last_error());
        assert_non_null(strstr(cryo_last_error(), "emory"));
        if (tally_now(&a->finalized) != before)
            fail_msg("%s: a finalizer ran although the call failed", name);
        assert_null(a->made);
    }
}

void *made(attempt *a) {
    void *const it = a->made;
    assert_non_null(it);
    a->made = NULL;
    return it;
}
