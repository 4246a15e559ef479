/* A user's program in C99: it starts a server, pulls its events, lets one client in and another one not, and
 * stops. */
#define _POSIX_C_SOURCE 200809L
#include "../knock.h"

#include <cryo.h>
#include <stdlib.h>

static void must(int good, const char *what) {
    if (!good) {
        fprintf(stderr, "%s: %s\n", what, cryo_last_error());
        exit(1);
    }
}

/* The next event of that kind, within ten seconds; statistics are passed over. */
static cryo_event *next(cryo_queue *queue, int32_t kind) {
    for (;;) {
        cryo_event *event = NULL;
        must(cryo_queue_next(queue, 10000, &event) == CRYO_OK, "cryo_queue_next");
        if (cryo_event_kind(event) == kind) return event;
        must(cryo_event_kind(event) == CRYO_EVENT_STAT, "an event came out of turn");
        cryo_event_free(event);
    }
}

int main(void) {
    cryo_events *events;
    cryo_queue *queue;
    cryo_server_options *options;
    cryo_server *server;
    cryo_event *event;
    int friend_fd;
    int stranger_fd;

    must(cryo_abi_version() == CRYO_ABI_VERSION, "the header and the library are of different ABIs");
    must(cryo_version() == CRYO_VERSION_MAJOR * 1000000 + CRYO_VERSION_MINOR * 1000 + CRYO_VERSION_PATCH,
         "version");
    must(cryo_queue_new(&queue) == CRYO_OK, "cryo_queue_new");
    must(cryo_events_new(NULL, NULL, &events) == CRYO_OK, "cryo_events_new");
    must(cryo_events_use_queue(events, queue) == CRYO_OK, "cryo_events_use_queue");
    must(cryo_server_options_new(&options) == CRYO_OK, "cryo_server_options_new");
    must(cryo_server_options_set_port(options, 0) == CRYO_OK, "set_port");
    must(cryo_server_options_set_events(options, events) == CRYO_OK, "set_events");
    must(cryo_server_new(options, &server) == CRYO_OK, "cryo_server_new");
    must(cryo_server_start(server) == CRYO_OK, "cryo_server_start");
    cryo_server_options_free(options);
    cryo_events_free(events);

    event = next(queue, CRYO_EVENT_LISTENING);
    must(cryo_event_code(event) == cryo_server_port(server), "the port of the listening event");
    cryo_event_free(event);

    friend_fd = knock(cryo_server_port(server), "Friend", "11111111-2222-4333-8444-555555555555");
    event = next(queue, CRYO_EVENT_AUTH);
    must(cryo_auth_accept(cryo_event_auth(event)) == CRYO_OK, "cryo_auth_accept");
    cryo_event_free(event);
    must(answer_to_knock(friend_fd) == 101, "the friend is let in");
    event = next(queue, CRYO_EVENT_SESSION);
    must(cryo_session_is_open(cryo_event_session(event)) == 1, "the session is open");
    cryo_event_free(event);
    must(cryo_server_session_count(server) == 1, "one session");

    stranger_fd = knock(cryo_server_port(server), "Stranger", "21111111-2222-4333-8444-555555555555");
    event = next(queue, CRYO_EVENT_AUTH);
    must(cryo_auth_reject(cryo_event_auth(event), "Never seen you.") == CRYO_OK, "cryo_auth_reject");
    cryo_event_free(event);
    must(answer_to_knock(stranger_fd) == 401, "the stranger is refused");
    close(stranger_fd);

    close(friend_fd);
    event = next(queue, CRYO_EVENT_CLOSED);
    must(cryo_event_code(event) == CRYO_CLOSE_ABNORMAL, "the friend hung up without a word");
    cryo_event_free(event);

    must(cryo_server_stop(server) == CRYO_OK, "cryo_server_stop");
    must(cryo_server_wait(server, 10000) == CRYO_OK, "cryo_server_wait");
    cryo_server_free(server);
    cryo_queue_free(queue);
    printf("libcryo %s served a program in C\n", cryo_version_string());
    return 0;
}
