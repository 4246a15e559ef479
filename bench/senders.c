/*
 * Threads of the application that send: what it costs to hand messages over to the loop that writes them.
 *
 *   senders [--threads N] [--sessions N] [--messages N] [--json]
 *                                                   8 threads, 8 sessions, 100000 messages each
 *
 * The server and its clients live in this process, on a thread of the library each. Thread t sends to session
 * t modulo the sessions. Prints how many messages a second reached the clients (every one of them is
 * counted), and how often the server's loop was woken for them: who wakes it writes to a descriptor, and
 * nothing else here does, as sockets are sent to. The system counts these calls.
 */
#define _XOPEN_SOURCE 700 /* clock_gettime, nanosleep */

#include <cryo.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { max_sessions = 256, size = 64 };

static cryo_session *sessions[max_sessions]; /* the server's */
static atomic_uint announced;
static atomic_ullong received;
static unsigned long messages = 100000, session_count = 8, thread_count = 8;

static void must(cryo_status status, const char *what) {
    if (status == CRYO_OK) return;
    fprintf(stderr, "%s: %s: %s\n", what, cryo_status_name(status), cryo_last_error());
    exit(1);
}

static void pause_shortly(void) {
    const struct timespec time = {.tv_sec = 0, .tv_nsec = 200000};
    nanosleep(&time, NULL);
}

static void validate(cryo_auth *auth, const char *token, size_t len, void *user) {
    (void)token;
    (void)len;
    (void)user;
    cryo_auth_accept(auth);
}

static void on_session(cryo_session *session, void *user) {
    (void)user;
    const unsigned at = atomic_load(&announced);
    sessions[at] = cryo_session_retain(session);
    atomic_store(&announced, at + 1);
}

static void on_message(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)session;
    (void)kind;
    (void)data;
    (void)user;
    if (len == size) atomic_fetch_add(&received, 1);
}

/* A queue that is full empties by itself: the next attempt finds room. */
static void *send_all(void *argument) {
    cryo_session *const to = argument;
    uint8_t text[size];
    memset(text, 'x', sizeof text);
    for (unsigned long i = 0; i < messages; ++i) {
        cryo_status status;
        while ((status = cryo_session_send(to, CRYO_UTF8, text, sizeof text)) == CRYO_ERR_FULL)
            pause_shortly();
        must(status, "send");
    }
    return NULL;
}

static double seconds_of(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Of write and its like, by the whole process; -1: the system does not tell (Linux does). */
static long long writes_so_far(void) {
    FILE *const file = fopen("/proc/self/io", "r");
    if (file == NULL) return -1;
    long long count = -1;
    char line[64];
    while (count < 0 && fgets(line, sizeof line, file) != NULL)
        sscanf(line, "syscw: %lld", &count);
    fclose(file);
    return count;
}

static unsigned long number_of(const char *text, unsigned long most) {
    const unsigned long value = strtoul(text, NULL, 10);
    if (value > 0 && value <= most) return value;
    fprintf(stderr, "senders: %s is not from 1 to %lu\n", text, most);
    exit(2);
}

static cryo_server *start_server(void) {
    cryo_events *events = NULL;
    must(cryo_events_new(NULL, NULL, &events), "events");
    must(cryo_events_on_session(events, on_session), "on_session");
    cryo_server_options *options = NULL;
    must(cryo_server_options_new(&options), "options");
    must(cryo_server_options_set_port(options, 0), "port");
    must(cryo_server_options_set_validator(options, validate, NULL, NULL), "validator");
    must(cryo_server_options_set_events(options, events), "events");
    must(cryo_server_options_set_drop_policy(options, CRYO_DROP_NEWEST), "drop policy");
    cryo_server *server = NULL;
    must(cryo_server_new(options, &server), "server");
    must(cryo_server_start(server), "start");
    cryo_server_options_free(options);
    cryo_events_free(events);
    return server;
}

static void start_clients(unsigned port, cryo_client **clients) {
    char url[64];
    snprintf(url, sizeof url, "ws://127.0.0.1:%u", port);
    cryo_events *events = NULL;
    must(cryo_events_new(NULL, NULL, &events), "events");
    must(cryo_events_on_message(events, on_message), "on_message");
    cryo_client_options *options = NULL;
    must(cryo_client_options_new(&options), "options");
    must(cryo_client_options_set_url(options, url), "url");
    must(cryo_client_options_set_token(options, "token"), "token");
    must(cryo_client_options_set_events(options, events), "events");
    for (unsigned long i = 0; i < session_count; ++i) {
        must(cryo_client_new(options, &clients[i]), "client");
        must(cryo_client_start(clients[i]), "client");
    }
    cryo_client_options_free(options);
    cryo_events_free(events);
}

int main(int argc, char **argv) {
    bool json = false;
    for (int i = 1; i < argc; ++i) {
        if (strcmp(argv[i], "--json") == 0) {
            json = true;
        } else if (i + 1 < argc && strcmp(argv[i], "--threads") == 0) {
            thread_count = number_of(argv[++i], max_sessions);
        } else if (i + 1 < argc && strcmp(argv[i], "--sessions") == 0) {
            session_count = number_of(argv[++i], max_sessions);
        } else if (i + 1 < argc && strcmp(argv[i], "--messages") == 0) {
            messages = number_of(argv[++i], 1000000000);
        } else {
            fputs("senders [--threads N] [--sessions N] [--messages N] [--json]\n", stderr);
            return 2;
        }
    }
    cryo_server *const server = start_server();
    cryo_client *clients[max_sessions];
    start_clients((unsigned)cryo_server_port(server), clients);
    while (atomic_load(&announced) < session_count)
        pause_shortly();

    const long long writes_begin = writes_so_far();
    const double begin = seconds_of(CLOCK_MONOTONIC), cpu_begin = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    pthread_t threads[max_sessions];
    for (unsigned long i = 0; i < thread_count; ++i) {
        if (pthread_create(&threads[i], NULL, send_all, sessions[i % session_count]) == 0) continue;
        fputs("senders: no thread\n", stderr);
        return 1;
    }
    for (unsigned long i = 0; i < thread_count; ++i)
        pthread_join(threads[i], NULL);
    const unsigned long long all = (unsigned long long)thread_count * messages;
    while (atomic_load(&received) < all)
        pause_shortly();
    const double took = seconds_of(CLOCK_MONOTONIC) - begin;
    const double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu_begin;
    const long long wakes = writes_so_far() - writes_begin;
    printf(json ? "{\"messages\": %llu, \"rate\": %.0f, \"cpu_us\": %.3f, \"wakes\": %lld}\n"
                : "%llu messages: %.0f a second, %.2f us of CPU time each, the clients' part among it; %lld "
                  "wakes\n",
           all, (double)all / took, cpu * 1e6 / (double)all, wakes);

    for (unsigned long i = 0; i < session_count; ++i) {
        cryo_session_release(sessions[i]);
        cryo_client_free(clients[i]);
    }
    cryo_server_free(server);
    return 0;
}
