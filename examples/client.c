/* A client on a loop of the program's own: no function of the program ever runs on another thread. Says
 * hello, and leaves when something has come back.
 *
 *     client URL TOKEN
 */
#include <cryo.h>

#include <stdio.h>
#include <string.h>

struct state {
    cryo_client *client;
    int over;
    int failed;
};

static void on_connected(cryo_session *session, void *user) {
    const char *const hello = "hello";
    (void)user;
    cryo_session_send(session, CRYO_UTF8, (const uint8_t *)hello, strlen(hello));
}

static void on_message(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    const struct state *const state = user;
    (void)session;
    (void)kind;
    printf("%.*s\n", (int)len, (const char *)data);
    cryo_client_close(state->client, CRYO_CLOSE_GRACEFUL, NULL);
}

static void on_attempt_failed(cryo_session *session, cryo_status status, int32_t http_status,
                              const char *text, int64_t retry_ms, void *user) {
    struct state *const state = user;
    (void)session;
    fprintf(stderr, "%s (%s, HTTP status %d)\n", text, cryo_status_name(status), http_status);
    state->failed = retry_ms < 0;
}

static void on_closed(cryo_session *session, int32_t code, const char *reason, void *user) {
    struct state *const state = user;
    (void)session;
    printf("closed: %d %s\n", code, reason);
    state->over = 1;
}

int main(int argc, char **argv) {
    struct state state = {NULL, 0, 0};
    cryo_loop *loop;
    cryo_events *events;
    cryo_client_options *options;
    if (argc != 3) {
        fprintf(stderr, "usage: client URL TOKEN\n");
        return 2;
    }
    if (cryo_loop_new(&loop) != CRYO_OK || cryo_events_new(&state, NULL, &events) != CRYO_OK ||
        cryo_events_on_session(events, on_connected) != CRYO_OK ||
        cryo_events_on_message(events, on_message) != CRYO_OK ||
        cryo_events_on_attempt_failed(events, on_attempt_failed) != CRYO_OK ||
        cryo_events_on_closed(events, on_closed) != CRYO_OK || cryo_client_options_new(&options) != CRYO_OK ||
        cryo_client_options_set_url(options, argv[1]) != CRYO_OK ||
        cryo_client_options_set_token(options, argv[2]) != CRYO_OK ||
        cryo_client_options_set_events(options, events) != CRYO_OK ||
        cryo_client_options_set_loop(options, loop) != CRYO_OK ||
        cryo_client_new(options, &state.client) != CRYO_OK || cryo_client_start(state.client) != CRYO_OK) {
        fprintf(stderr, "%s\n", cryo_last_error());
        return 1;
    }
    while (!state.over && cryo_loop_run_once(loop, -1) == CRYO_OK) {
    }
    cryo_client_free(state.client);
    cryo_client_options_free(options);
    cryo_events_free(events);
    cryo_loop_free(loop);
    return state.failed;
}
