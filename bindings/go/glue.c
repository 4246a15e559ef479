// What needs functions that the library calls. A number of Go's travels as `user`; Go must never see it as a
// pointer.
#include "glue.h"

#include "_cgo_export.h"

static void finalize(void *user) {
    goFinalized((uintptr_t)user);
}

static void log_line(int32_t level, const char *message, void *user) {
    goLogged(level, (char *)message, (uintptr_t)user);
}

static void unregistered(const char *name, void *user) {
    (void)name;
    goUnregistered((uintptr_t)user);
}

go_result go_events_new(uint64_t queue, uint64_t *out) {
    cryo_events *events = NULL;
    cryo_status status = cryo_events_new(NULL, NULL, &events);
    if (status == CRYO_OK) status = cryo_events_use_queue(events, (cryo_queue *)(uintptr_t)queue);
    go_result result = go_result_of(status);
    if (status != CRYO_OK) cryo_events_free(events);
    *out = (uint64_t)(uintptr_t)events;
    return result;
}

go_result go_options_set_token_queue(uint64_t options) {
    return go_result_of(
        cryo_client_options_set_token_provider((cryo_client_options *)(uintptr_t)options, NULL, NULL, NULL));
}

go_result go_auth_set(uint64_t auth, const char *key, uintptr_t user) {
    return go_result_of(cryo_auth_set((cryo_auth *)(uintptr_t)auth, key, (void *)user, finalize));
}

go_result go_set_log(int32_t level, uintptr_t user) {
    return go_result_of(user == 0 ? cryo_set_log(level, NULL, NULL, NULL)
                                  : cryo_set_log(level, log_line, (void *)user, finalize));
}

go_result go_extension_new(const char *name, uintptr_t user, uint64_t *out) {
    cryo_extension *made = NULL;
    cryo_status status = cryo_extension_new(name, (void *)user, finalize, &made);
    if (status == CRYO_OK) status = cryo_extension_on_unregister(made, unregistered);
    *out = (uint64_t)(uintptr_t)made;
    return go_result_of(status);
}

uintptr_t go_thread(void) {
    static _Thread_local char own;
    return (uintptr_t)&own;
}
