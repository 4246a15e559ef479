/*
 * A server on the public C interface that sends each message back, or to every other session: what an
 * application does, and no more. The benchmark's server of Cryo.
 *
 *   echo_server [--broadcast] [--threads N] [--cale] [--tls CERTIFICATE KEY] [--keepalive-ms N]
 * [--libwebsockets]
 *
 * Prints its port, and serves until SIGTERM.
 */
#define _XOPEN_SOURCE 700 /* sigwait, setrlimit */

#include <cryo.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void validate(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token;
    (void)len;
    (void)user;
    cryo_auth_accept(auth);
}

static void on_message(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)user;
    cryo_session_send(session, kind, data, len);
}

static cryo_server *server = NULL;

static void broadcast(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)user;
    cryo_server_broadcast(server, kind, data, len, session, NULL);
}

static void must(cryo_status status, const char *what) {
    if (status == CRYO_OK) return;
    fprintf(stderr, "%s: %s: %s\n", what, cryo_status_name(status), cryo_last_error());
    exit(1);
}

static void apply_arguments(cryo_server_options *options, cryo_events *events, int argc, char **argv) {
    for (int i = 1; i < argc; ++i) {
        if (strcmp(argv[i], "--broadcast") == 0) {
            must(cryo_events_on_message(events, broadcast), "on_message");
        } else if (strcmp(argv[i], "--cale") == 0) {
            must(cryo_server_options_set_cale(options, 1), "CALE");
        } else if (strcmp(argv[i], "--libwebsockets") == 0) {
            must(cryo_server_options_set_transport(options, CRYO_TRANSPORT_LIBWEBSOCKETS), "transport");
        } else if (strcmp(argv[i], "--threads") == 0 && i + 1 < argc) {
            must(cryo_server_options_set_threads(options, (uint32_t)strtoul(argv[++i], NULL, 10)), "threads");
        } else if (strcmp(argv[i], "--keepalive-ms") == 0 && i + 1 < argc) {
            must(cryo_server_options_set_keepalive_ms(options, (uint32_t)strtoul(argv[++i], NULL, 10)),
                 "keep-alive");
        } else if (strcmp(argv[i], "--tls") == 0 && i + 2 < argc) {
            must(cryo_server_options_set_tls_files(options, argv[i + 1], argv[i + 2]), "TLS");
            i += 2;
        } else {
            fprintf(stderr, "echo_server: what is %s?\n", argv[i]);
            exit(2);
        }
    }
}

int main(int argc, char **argv) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    sigprocmask(SIG_BLOCK, &stop, NULL); /* before the server has threads, so that none of them gets these */

    cryo_events *events = NULL;
    must(cryo_events_new(NULL, NULL, &events), "events");
    must(cryo_events_on_message(events, on_message), "on_message");
    cryo_server_options *options = NULL;
    must(cryo_server_options_new(&options), "options");
    must(cryo_server_options_set_port(options, 0), "port");
    must(cryo_server_options_set_validator(options, validate, NULL, NULL), "validator");
    apply_arguments(options, events, argc, argv);
    must(cryo_server_options_set_events(options, events), "events");

    must(cryo_server_new(options, &server), "server");
    cryo_server_options_free(options);
    cryo_events_free(events);
    must(cryo_server_start(server), "start");
    printf("%u\n", (unsigned)cryo_server_port(server));
    fflush(stdout);

    int signal_number = 0;
    sigwait(&stop, &signal_number);
    cryo_server_free(server);
    return 0;
}
