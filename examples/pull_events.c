/* Events pulled from a queue instead of called back: no function of the program ever runs on a foreign
 * thread. This is how languages that cannot be called from one use the library.
 *
 *     pull_events [PORT]      ends when a client sends the text "stop"
 */
#include <cryo.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 1: go on. */
static int handle(const cryo_event *event) {
    char id[37] = "";
    size_t len;
    const uint8_t *data = cryo_event_data(event, &len);
    cryo_session *session = cryo_event_session(event);
    if (session != NULL) cryo_session_id_text(session, id, sizeof id, NULL);

    switch (cryo_event_kind(event)) {
    case CRYO_EVENT_LISTENING:
        printf("listening on port %d\n", cryo_event_code(event));
        break;
    case CRYO_EVENT_AUTH:
        if (len == 6 && memcmp(data, "secret", 6) == 0)
            cryo_auth_accept(cryo_event_auth(event));
        else
            cryo_auth_reject(cryo_event_auth(event), NULL);
        break;
    case CRYO_EVENT_SESSION:
        printf("%s is here\n", id);
        break;
    case CRYO_EVENT_MESSAGE:
        printf("%s sends %zu bytes\n", id, len);
        cryo_session_send(session, cryo_event_message_kind(event), data, len);
        return !(len == 4 && memcmp(data, "stop", 4) == 0);
    case CRYO_EVENT_CLOSED:
        printf("%s has gone: %d %s\n", id, cryo_event_code(event), cryo_event_text(event));
        break;
    default:
        break;
    }
    return 1;
}

int main(int argc, char **argv) {
    cryo_queue *queue;
    cryo_events *events;
    cryo_server_options *options;
    cryo_server *server;
    cryo_event *event;
    if (cryo_queue_new(&queue) != CRYO_OK || cryo_events_new(NULL, NULL, &events) != CRYO_OK ||
        cryo_events_use_queue(events, queue) != CRYO_OK || cryo_server_options_new(&options) != CRYO_OK ||
        cryo_server_options_set_events(options, events) != CRYO_OK ||
        cryo_server_options_set_port(options, argc > 1 ? (uint16_t)atoi(argv[1]) : 8080) != CRYO_OK ||
        cryo_server_new(options, &server) != CRYO_OK || cryo_server_start(server) != CRYO_OK) {
        fprintf(stderr, "%s\n", cryo_last_error());
        return 1;
    }
    for (int go_on = 1; go_on && cryo_queue_next(queue, -1, &event) == CRYO_OK;) {
        go_on = handle(event);
        cryo_event_free(event);
        fflush(stdout);
    }
    cryo_server_free(server); /* what was sent still leaves */
    cryo_server_options_free(options);
    cryo_events_free(events);
    cryo_queue_free(queue);
    return 0;
}
