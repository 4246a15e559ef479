/* A server without a thread of its own: the program's event loop (poll, here) waits for it and for everything
 * else.
 *
 *     own_event_loop [PORT]      ends when its standard input does
 */
#include <cryo.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Whoever has the session id as a token may come in. */
static void validate(cryo_auth *auth, const char *token, size_t len, void *user) {
    char sid[64];
    size_t sid_len;
    (void)user;
    if (cryo_auth_parameter(auth, "x-cryo-sid", sid, sizeof sid, &sid_len) == CRYO_OK && sid_len == len) {
        size_t i = 0;
        while (i < len && sid[i] == token[i])
            i++;
        if (i == len) {
            cryo_auth_accept(auth);
            return;
        }
    }
    cryo_auth_reject(auth, "The token of this example is the session id itself.");
}

static void echo(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)user;
    cryo_session_send(session, kind, data, len);
}

static cryo_server *make_server(uint16_t port) {
    cryo_events *events;
    cryo_server_options *options;
    cryo_server *server = NULL;
    if (cryo_events_new(NULL, NULL, &events) != CRYO_OK) return NULL;
    if (cryo_server_options_new(&options) == CRYO_OK) {
        cryo_events_on_message(events, echo);
        cryo_server_options_set_port(options, port);
        cryo_server_options_set_threads(options, 0);
        cryo_server_options_set_validator(options, validate, NULL, NULL);
        cryo_server_options_set_events(options, events);
        cryo_server_new(options, &server);
        cryo_server_options_free(options);
    }
    cryo_events_free(events); /* the server keeps what it needs of both */
    return server;
}

int main(int argc, char **argv) {
    cryo_server *server = make_server(argc > 1 ? (uint16_t)atoi(argv[1]) : 8080);
    if (server == NULL || cryo_server_start(server) != CRYO_OK) {
        fprintf(stderr, "%s\n", cryo_last_error());
        return 1;
    }
    printf("listening on port %d\n", cryo_server_port(server));
    fflush(stdout);

    struct pollfd watched[2] = {{.fd = cryo_server_fd(server), .events = POLLIN},
                                {.fd = STDIN_FILENO, .events = POLLIN}};
    for (;;) {
        if (poll(watched, 2, cryo_server_timeout_ms(server)) < 0) break;
        if (cryo_server_run_once(server, 0) != CRYO_OK) break;
        if (watched[1].revents != 0) {
            char line[256];
            if (read(STDIN_FILENO, line, sizeof line) <= 0) break;
        }
    }
    cryo_server_free(server); /* closes the sessions, and runs their last callbacks here */
    return 0;
}
