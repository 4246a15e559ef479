/* What the generated calls leave out: batches, arrays, and functions that the library calls. */
#ifndef CRYO_GO_GLUE_H
#define CRYO_GO_GLUE_H

#include "abi.h"

typedef struct {
    int32_t status;
    const uint8_t *batch;
    size_t length;
} go_batch;

/* Gives `held` back, and takes the next batch. */
static inline go_batch go_queue_next_many(uint64_t queue, const uint8_t *held, int32_t timeout_ms,
                                          uint32_t max_events) {
    go_batch result = {0, held, 0};
    result.status = cryo_queue_next_many((cryo_queue *)(uintptr_t)queue, timeout_ms, max_events,
                                         &result.batch, &result.length);
    return result;
}

static inline go_result go_sessions_send(const uint64_t *sessions, size_t count, int32_t kind,
                                         const uint8_t *data, size_t len, int32_t *statuses, size_t *sent) {
    if (sizeof(cryo_session *) != sizeof(uint64_t)) return go_result_of(CRYO_ERR_UNSUPPORTED);
    return go_result_of(
        cryo_sessions_send((cryo_session *const *)sessions, count, kind, data, len, statuses, sent));
}

static inline go_result go_server_sessions(uint64_t server, uint64_t *out, size_t capacity, size_t *count) {
    if (sizeof(cryo_session *) != sizeof(uint64_t)) return go_result_of(CRYO_ERR_UNSUPPORTED);
    return go_result_of(
        cryo_server_sessions((const cryo_server *)(uintptr_t)server, (cryo_session **)out, capacity, count));
}

static inline go_result go_session_parameter_at(uint64_t session, size_t index, char *name,
                                                size_t name_capacity, size_t *name_len, char *value,
                                                size_t value_capacity, size_t *value_len) {
    return go_result_of(cryo_session_parameter_at((const cryo_session *)(uintptr_t)session, index, name,
                                                  name_capacity, name_len, value, value_capacity, value_len));
}

/* The number that was kept with a session, or 0. */
static inline uint64_t go_session_get(uint64_t session, const char *key) {
    void *found = NULL;
    if (cryo_session_get((const cryo_session *)(uintptr_t)session, key, &found) != CRYO_OK) return 0;
    return (uint64_t)(uintptr_t)found;
}

/* Events that all come out of `queue`. */
go_result go_events_new(uint64_t queue, uint64_t *out);
go_result go_options_set_token_queue(uint64_t options);
/* `user` is a number of Go's, which is told once it is no longer needed. */
go_result go_auth_set(uint64_t auth, const char *key, uintptr_t user);
go_result go_set_log(int32_t level, uintptr_t user);
go_result go_extension_new(const char *name, uintptr_t user, uint64_t *out);
/* Tells one thread from another. */
uintptr_t go_thread(void);

#endif
