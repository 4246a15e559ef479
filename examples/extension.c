/* An extension: nobody shall post telephone numbers. Digits in texts become stars before the application sees
 * them, and binary messages go no further.
 *
 *     extension_c [PORT]      sends back what is left; ends with its standard input
 */
#include <cryo.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void hide_digits(cryo_hook *hook, cryo_session *session, int32_t kind, const uint8_t *data, size_t len,
                        void *user) {
    uint8_t *const copy = malloc(len + 1); /* of 0 bytes there may be none */
    size_t i;
    (void)session;
    (void)kind;
    (void)user;
    if (copy == NULL) {
        cryo_hook_fail(hook, "no memory");
        return;
    }
    for (i = 0; i < len; i++)
        copy[i] = data[i] >= '0' && data[i] <= '9' ? '*' : data[i];
    cryo_hook_replace(hook, copy, len);
    free(copy);
}

static void stop(cryo_hook *hook, cryo_session *session, int32_t kind, const uint8_t *data, size_t len,
                 void *user) {
    (void)session;
    (void)kind;
    (void)data;
    (void)len;
    (void)user;
    cryo_hook_stop(hook);
}

static cryo_status add_to(cryo_server *server) {
    cryo_extension *extension;
    cryo_status status = cryo_extension_new("no_numbers", NULL, NULL, &extension);
    if (status != CRYO_OK) return status;
    cryo_extension_set_hook(extension, CRYO_ON_RECEIVE, CRYO_UTF8, hide_digits);
    cryo_extension_set_hook(extension, CRYO_ON_RECEIVE, CRYO_BINARY, stop);
    cryo_extension_set_on_failure(extension, CRYO_HOOK_STOP); /* rather nothing than a number */
    status = cryo_server_add_extension(server, extension);
    cryo_extension_free(extension); /* the server keeps it */
    return status;
}

static void validate(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token;
    (void)len;
    (void)user;
    cryo_auth_accept(auth);
}

static void echo(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)user;
    cryo_session_send(session, kind, data, len);
}

int main(int argc, char **argv) {
    cryo_events *events;
    cryo_server_options *options;
    cryo_server *server;
    char line[256];
    if (cryo_events_new(NULL, NULL, &events) != CRYO_OK || cryo_events_on_message(events, echo) != CRYO_OK ||
        cryo_server_options_new(&options) != CRYO_OK ||
        cryo_server_options_set_port(options, argc > 1 ? (uint16_t)atoi(argv[1]) : 8080) != CRYO_OK ||
        cryo_server_options_set_validator(options, validate, NULL, NULL) != CRYO_OK ||
        cryo_server_options_set_events(options, events) != CRYO_OK ||
        cryo_server_new(options, &server) != CRYO_OK || add_to(server) != CRYO_OK ||
        cryo_server_start(server) != CRYO_OK) {
        fprintf(stderr, "%s\n", cryo_last_error());
        return 1;
    }
    printf("listening on port %d\n", cryo_server_port(server));
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
    }
    cryo_server_free(server);
    cryo_server_options_free(options);
    cryo_events_free(events);
    return 0;
}
