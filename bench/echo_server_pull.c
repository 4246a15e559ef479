/*
 * A server that sends each message back, on a thread that pulls the events many at a time: what an
 * application in a language does that cannot be called back from another thread.
 *
 *   echo_server_pull [--single] [--threads N] [--cale]
 *
 * With --single it pulls the events one by one (cryo_queue_next). Prints its port, and serves until SIGTERM.
 */
#define _XOPEN_SOURCE 700 /* sigwait, setrlimit */

#include <cryo.h>

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static cryo_queue *queue = NULL;

static void must(cryo_status status, const char *what) {
    if (status == CRYO_OK) return;
    fprintf(stderr, "%s: %s: %s\n", what, cryo_status_name(status), cryo_last_error());
    exit(1);
}

static uint32_t u32_at(const uint8_t *from) {
    uint32_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

static uint64_t u64_at(const uint8_t *from) {
    uint64_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

static void answer(const uint8_t *event) {
    switch ((int32_t)u32_at(event + CRYO_RECORD_KIND)) {
    case CRYO_EVENT_AUTH:
        cryo_auth_accept((cryo_auth *)(uintptr_t)u64_at(event + CRYO_RECORD_TICKET));
        break;
    case CRYO_EVENT_MESSAGE:
        cryo_session_send((cryo_session *)(uintptr_t)u64_at(event + CRYO_RECORD_SESSION),
                          (int32_t)u32_at(event + CRYO_RECORD_MESSAGE_KIND),
                          event + u32_at(event + CRYO_RECORD_DATA),
                          (size_t)u64_at(event + CRYO_RECORD_DATA_LENGTH));
        break;
    default:
        break;
    }
}

static void *pull_many(void *unused) {
    const uint8_t *batch = NULL;
    size_t len = 0;
    while (cryo_queue_next_many(queue, -1, 0, &batch, &len) == CRYO_OK)
        for (const uint8_t *event = batch + u32_at(batch + CRYO_BATCH_FIRST); event < batch + len;
             event += u64_at(event))
            answer(event);
    return unused;
}

static void *pull_singly(void *unused) {
    cryo_event *event = NULL;
    while (cryo_queue_next(queue, -1, &event) == CRYO_OK) {
        size_t len = 0;
        const uint8_t *const data = cryo_event_data(event, &len);
        if (cryo_event_kind(event) == CRYO_EVENT_AUTH) cryo_auth_accept(cryo_event_auth(event));
        if (cryo_event_kind(event) == CRYO_EVENT_MESSAGE)
            cryo_session_send(cryo_event_session(event), cryo_event_message_kind(event), data, len);
        cryo_event_free(event);
    }
    return unused;
}

static bool apply_arguments(cryo_server_options *options, int argc, char **argv) {
    bool singly = false;
    for (int i = 1; i < argc; ++i) {
        if (strcmp(argv[i], "--single") == 0) {
            singly = true;
        } else if (strcmp(argv[i], "--cale") == 0) {
            must(cryo_server_options_set_cale(options, 1), "CALE");
        } else if (strcmp(argv[i], "--threads") == 0 && i + 1 < argc) {
            must(cryo_server_options_set_threads(options, (uint32_t)strtoul(argv[++i], NULL, 10)), "threads");
        } else {
            fprintf(stderr, "echo_server_pull: what is %s?\n", argv[i]);
            exit(2);
        }
    }
    return singly;
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
    sigprocmask(SIG_BLOCK, &stop, NULL); /* before there are threads, so that none of them gets these */

    must(cryo_queue_new(&queue), "queue");
    cryo_events *events = NULL;
    must(cryo_events_new(NULL, NULL, &events), "events");
    must(cryo_events_use_queue(events, queue), "queue of events");
    cryo_server_options *options = NULL;
    must(cryo_server_options_new(&options), "options");
    must(cryo_server_options_set_port(options, 0), "port");
    must(cryo_server_options_set_events(options, events), "events");
    const bool singly = apply_arguments(options, argc, argv);

    cryo_server *server = NULL;
    must(cryo_server_new(options, &server), "server");
    cryo_server_options_free(options);
    cryo_events_free(events);
    must(cryo_server_start(server), "start");
    pthread_t puller;
    if (pthread_create(&puller, NULL, singly ? pull_singly : pull_many, NULL) != 0) return 1;
    printf("%u\n", (unsigned)cryo_server_port(server));
    fflush(stdout);

    int signal_number = 0;
    sigwait(&stop, &signal_number);
    cryo_server_free(server);
    cryo_queue_free(queue);
    pthread_join(puller, NULL);
    return 0;
}
