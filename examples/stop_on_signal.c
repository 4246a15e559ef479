/* A server that ends as service managers and containers want it: SIGTERM (or Ctrl-C) closes the sessions,
 * with what was sent to them before, and then the program.
 *
 *     stop_on_signal [PORT]
 */
#define _POSIX_C_SOURCE 200809L /* sigaction */

#include <cryo.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static cryo_server *server;

/* One of the few calls that a signal handler may make. */
static void on_signal(int number) {
    (void)number;
    cryo_server_stop(server);
}

static void validate(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token, (void)len, (void)user;
    cryo_auth_accept(auth);
}

static void echo(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)user;
    cryo_session_send(session, kind, data, len);
}

static void make_server(uint16_t port) {
    cryo_events *events;
    cryo_server_options *options;
    if (cryo_events_new(NULL, NULL, &events) != CRYO_OK) return;
    if (cryo_server_options_new(&options) == CRYO_OK) {
        cryo_events_on_message(events, echo);
        cryo_server_options_set_port(options, port);
        cryo_server_options_set_validator(options, validate, NULL, NULL);
        cryo_server_options_set_events(options, events);
        cryo_server_new(options, &server);
        cryo_server_options_free(options);
    }
    cryo_events_free(events);
}

int main(int argc, char **argv) {
    make_server(argc > 1 ? (uint16_t)atoi(argv[1]) : 8080);
    const struct sigaction action = {.sa_handler = on_signal}; /* signal() differs from system to system */
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    if (server == NULL || cryo_server_start(server) != CRYO_OK) {
        fprintf(stderr, "%s\n", cryo_last_error());
        return 1;
    }
    printf("listening on port %d\n", cryo_server_port(server));
    fflush(stdout);
    cryo_server_wait(server, -1); /* until the handler has stopped it and the sessions are closed */
    cryo_server_free(server);
    puts("all said");
    return 0;
}
