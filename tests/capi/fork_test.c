// A process that forks while the library runs in it: the child can end, be told, and begin anew.
#include "child.h"
#include "client_app.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// What the parent has, before it forks.
typedef struct parts {
    cryo_server *server;
    cryo_server *own; // without threads
    cryo_client *client;
    cryo_session *session; // the client's
    cryo_loop *loop;
    cryo_queue *queue;
    cryo_server_options *options;
    cryo_events *events;
    cryo_extension *extension;
    diary d;
} parts;

static atomic_int finalized;

static void count_finalizer(void *user) {
    (void)user;
    ++finalized;
}

static void echo(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)user;
    cryo_session_send(session, kind, data, len);
}

static void make_all(parts *p) {
    p->server = app_start(&(app){.threads = 2, .on_message = echo});
    p->own = app_start(&(app){.threads = 0});
    diary_init(&p->d);
    p->client = start_client(&p->d, cryo_server_port(p->server), NULL);
    tally_wait(&p->d.sessions, 1);
    p->session = cryo_client_session(p->client);
    expect_ok(cryo_loop_new(&p->loop));
    expect_ok(cryo_queue_new(&p->queue));
    expect_ok(cryo_server_options_new(&p->options));
    expect_ok(cryo_events_new(NULL, count_finalizer, &p->events));
    expect_ok(cryo_extension_new("of the parent", NULL, count_finalizer, &p->extension));
}

static void free_all(parts *p) {
    cryo_extension_free(p->extension);
    cryo_events_free(p->events);
    cryo_server_options_free(p->options);
    cryo_queue_free(p->queue);
    cryo_loop_free(p->loop);
    cryo_client_free(p->client);
    cryo_server_free(p->own);
    cryo_server_free(p->server);
}

static pid_t child_of(void (*body)(parts *), parts *p) {
    fflush(NULL);
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        alarm(PEER_PATIENCE_MS / 1000); // a hang is an end by a signal
        body(p);
        _exit(0);
    }
    return pid;
}

static void expect_good_end(pid_t pid) {
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (status != 0)
        fail_msg("the child: %s %d", WIFSIGNALED(status) ? "signal" : "status",
                 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

static void expect_good_child(void (*body)(parts *), parts *p) {
    expect_good_end(child_of(body, p));
}

// That the parent does not notice.
static void expect_alive(parts *p) {
    tally_reset(&p->d.messages);
    expect_ok(say(p->client, "still here?"));
    tally_wait(&p->d.messages, 1);
    assert_string_equal(p->d.message, "still here?");
    expect_ok(cryo_server_run_once(p->own, 0));
    expect_ok(cryo_loop_run_once(p->loop, 0));
}

static void end_as_programs_do(parts *p) {
    (void)p;
    exit(0);
}

static void free_what_is_the_parents(parts *p) {
    const int before = finalized;
    free_all(p);
    free_all(p);
    CHECK(finalized == before);
}

static void expect_state(cryo_status status, const char *call) {
    if (status == CRYO_ERR_STATE && strstr(cryo_last_error(), "forked") != NULL) return;
    fprintf(stderr, "%s: %s, %s\n", call, cryo_status_name(status), cryo_last_error());
    _exit(1);
}
#define REFUSED(call) expect_state((call), #call)

static void use_what_is_the_parents(parts *p) {
    size_t count = 0;
    cryo_event *event = NULL;
    cryo_server *server = NULL;
    uint8_t id[16] = {0};
    cryo_session *found = NULL;
    REFUSED(cryo_server_stop(p->server));
    REFUSED(cryo_server_wait(p->server, -1));
    REFUSED(cryo_server_start(p->server));
    REFUSED(cryo_server_wake(p->own));
    REFUSED(cryo_server_run_once(p->own, -1));
    REFUSED(cryo_server_fd(p->own));
    REFUSED(cryo_server_find_session(p->server, id, &found));
    REFUSED(cryo_server_broadcast(p->server, CRYO_UTF8, id, 1, NULL, &count));
    REFUSED(cryo_client_close(p->client, 4000, ""));
    REFUSED(cryo_client_wait(p->client, -1));
    REFUSED(cryo_session_send(p->session, CRYO_UTF8, id, 0));
    REFUSED(cryo_session_close(p->session, 4000, ""));
    REFUSED(cryo_session_id(p->session, id));
    REFUSED(cryo_loop_run_once(p->loop, -1));
    REFUSED(cryo_loop_wake(p->loop));
    REFUSED(cryo_queue_next(p->queue, -1, &event));
    REFUSED(cryo_queue_wake(p->queue));
    REFUSED(cryo_server_options_set_port(p->options, 0));
    REFUSED(cryo_server_new(p->options, &server));
    REFUSED(cryo_server_options_set_threads(p->options, 1));
    CHECK(cryo_server_port(p->server) == 0);
    CHECK(cryo_server_session_count(p->server) == 0);
    CHECK(cryo_client_session(p->client) == NULL);
}

// With the functions of the parent's tests, which end the process when something does not come.
static void begin_anew(parts *p) {
    (void)p;
    cryo_server *const server = app_start(&(app){.threads = 1, .on_message = echo});
    cryo_server *const own = app_start(&(app){.threads = 0});
    CHECK(cryo_server_run_once(own, 0) == CRYO_OK);
    diary d;
    diary_init(&d);
    cryo_client *const client = start_client(&d, cryo_server_port(server), NULL);
    tally_wait(&d.sessions, 1);
    CHECK(say(client, "anew") == CRYO_OK);
    tally_wait(&d.messages, 1);
    CHECK(strcmp(d.message, "anew") == 0);
    cryo_client_free(client);
    cryo_server_free(own);
    cryo_server_free(server);
}

static void connect_to_the_parent(parts *p) {
    // The child cannot ask for the port any more.
    diary d;
    diary_init(&d);
    const char *const port = getenv("PORT_OF_THE_PARENT");
    cryo_client *const client = start_client(&d, (uint16_t)atoi(port), NULL);
    tally_wait(&d.sessions, 1);
    CHECK(say(client, "from the child") == CRYO_OK);
    tally_wait(&d.messages, 1);
    cryo_client_free(client);
    (void)p;
}

static void have_a_child(parts *p) {
    cryo_server *const server = app_start(&(app){.threads = 1});
    const pid_t pid = fork();
    if (pid == 0) {
        alarm(PEER_PATIENCE_MS / 1000);
        REFUSED(cryo_server_stop(server));
        REFUSED(cryo_server_stop(p->server));
        begin_anew(p);
        exit(0);
    }
    int status = 1;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    cryo_server_free(server);
}

static void a_child(void (*body)(parts *)) {
    parts p;
    make_all(&p);
    char port[8];
    snprintf(port, sizeof port, "%d", cryo_server_port(p.server));
    setenv("PORT_OF_THE_PARENT", port, 1);
    expect_good_child(body, &p);
    expect_alive(&p);
    free_all(&p);
}

static void ends(void **state) {
    (void)state;
    a_child(end_as_programs_do);
}
static void frees(void **state) {
    (void)state;
    a_child(free_what_is_the_parents);
}
static void is_told(void **state) {
    (void)state;
    a_child(use_what_is_the_parents);
}
static void begins_anew(void **state) {
    (void)state;
    a_child(begin_anew);
}
static void talks_to_its_parent(void **state) {
    (void)state;
    a_child(connect_to_the_parent);
}
static void has_children(void **state) {
    (void)state;
    a_child(have_a_child);
}

// ---- descriptors ----

static int hold[2];

static void stay_until_told(parts *p) {
    (void)p;
    char byte;
    close(hold[1]);
    CHECK(read(hold[0], &byte, 1) == 0);
}

// A child that lives on keeps neither the port nor a connection.
static void lets_go_of_the_sockets(void **state) {
    (void)state;
    assert_int_equal(pipe(hold), 0);
    cryo_server *server = app_start(&(app){.threads = 1});
    const uint16_t port = cryo_server_port(server);
    peer client;
    assert_int_equal(peer_connect(&client, port, TOKEN), 101);
    const pid_t pid = child_of(stay_until_told, NULL);
    close(hold[0]);
    cryo_server_free(server); // answers no close: it is cut off
    assert_int_equal(peer_close(&client, 4000, ""), 4000);
    peer_hang_up(&client);
    cryo_server_options *const options = app_options(&(app){.threads = 1});
    expect_ok(cryo_server_options_set_port(options, port));
    expect_ok(cryo_server_new(options, &server));
    cryo_server_options_free(options);
    expect_ok(cryo_server_start(server));
    cryo_server_free(server);
    close(hold[1]);
    expect_good_end(pid);
}

// ---- while much goes on ----

static atomic_bool enough;

static void *make_and_free(void *nothing) {
    (void)nothing;
    while (!enough) {
        cryo_server *const server = app_start(&(app){.threads = 1});
        cryo_server_free(server);
        cryo_set_log(CRYO_LOG_WARNING, NULL, NULL, NULL);
    }
    return NULL;
}

static void is_whole_whenever_it_comes(void **state) {
    (void)state;
    enough = false;
    const pthread_t busy[2] = {run(make_and_free, NULL), run(make_and_free, NULL)};
    for (int i = 0; i < 30; ++i)
        expect_good_child(i % 3 == 0 ? end_as_programs_do : begin_anew, NULL);
    enough = true;
    join(busy[0]);
    join(busy[1]);
}

// ---- prefork ----

static int ports[2];

static void serve_one(parts *p) {
    (void)p;
    cryo_server *const server = app_start(&(app){.threads = 1, .on_message = echo});
    const uint16_t port = cryo_server_port(server);
    CHECK(write(ports[1], &port, sizeof port) == sizeof port);
    stay_until_told(p);
    cryo_server_free(server);
}

static void may_be_one_of_many_servers(void **state) {
    (void)state;
    enum { workers = 3 };
    pid_t all[workers];
    assert_int_equal(pipe(hold), 0);
    assert_int_equal(pipe(ports), 0);
    for (int i = 0; i < workers; ++i)
        all[i] = child_of(serve_one, NULL);
    close(hold[0]);
    for (int i = 0; i < workers; ++i) {
        uint16_t port = 0;
        assert_int_equal(read(ports[0], &port, sizeof port), sizeof port);
        peer client;
        assert_int_equal(peer_connect(&client, port, TOKEN), 101);
        assert_int_equal(peer_close(&client, 4000, ""), 4000);
        peer_hang_up(&client);
    }
    close(hold[1]);
    for (int i = 0; i < workers; ++i)
        expect_good_end(all[i]);
    close(ports[0]);
    close(ports[1]);
}

// The same port for each.
static uint16_t shared_port;

static void share(cryo_server_options *options) {
    expect_ok(cryo_server_options_set_reuse_port(options, 1));
    expect_ok(cryo_server_options_set_port(options, shared_port));
}

static void name_the_process(cryo_session *session, void *user) {
    (void)user;
    char text[32];
    const int len = snprintf(text, sizeof text, "%d", (int)getpid());
    cryo_session_send(session, CRYO_UTF8, (const uint8_t *)text, (size_t)len);
}

static void serve_at_the_shared_port(parts *p) {
    (void)p;
    cryo_server *const server =
        app_start(&(app){.threads = 1, .on_session = name_the_process, .tune = share});
    const uint16_t port = cryo_server_port(server);
    CHECK(write(ports[1], &port, sizeof port) == sizeof port);
    stay_until_told(p);
    cryo_server_free(server);
}

static void may_share_a_port(void **state) {
    (void)state;
    enum { workers = 3 };
    pid_t all[workers];
    shared_port = 0;
    cryo_server *const first = app_start(&(app){.threads = 1, .on_session = name_the_process, .tune = share});
    shared_port = cryo_server_port(first);
    // Who does not say so gets no part of it.
    cryo_server_options *const options = app_options(&(app){.threads = 1});
    cryo_server *alone = NULL;
    expect_ok(cryo_server_options_set_port(options, shared_port));
    expect_ok(cryo_server_new(options, &alone));
    cryo_server_options_free(options);
    expect_status(cryo_server_start(alone), CRYO_ERR_ADDRESS_IN_USE);
    cryo_server_free(alone);

    assert_int_equal(pipe(hold), 0);
    assert_int_equal(pipe(ports), 0);
    for (int i = 0; i < workers; ++i)
        all[i] = child_of(serve_at_the_shared_port, NULL);
    close(hold[0]);
    for (int i = 0; i < workers; ++i) {
        uint16_t port = 0;
        assert_int_equal(read(ports[0], &port, sizeof port), sizeof port);
        assert_int_equal(port, shared_port);
    }
    cryo_server_free(first); // the others go on
    unsigned heard[workers] = {0};
    unsigned of_them = 0;
    for (int tries = 0; of_them < 2 && tries < 2000; ++tries) { // the system deals them out
        peer client;
        assert_int_equal(peer_connect(&client, shared_port, TOKEN), 101);
        assert_true(peer_receive_type(&client, PEER_UTF8));
        const int from = atoi((const char *)client.data);
        for (int i = 0; i < workers; ++i)
            if (all[i] == from && heard[i]++ == 0) ++of_them;
        assert_int_equal(peer_close(&client, 4000, ""), 4000);
        peer_hang_up(&client);
    }
    assert_true(of_them >= 2);
    close(hold[1]);
    for (int i = 0; i < workers; ++i)
        expect_good_end(all[i]);
    close(ports[0]);
    close(ports[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(may_be_one_of_many_servers), // before the parent has anything
        cmocka_unit_test(may_share_a_port),
        cmocka_unit_test(ends),
        cmocka_unit_test(frees),
        cmocka_unit_test(is_told),
        cmocka_unit_test(begins_anew),
        cmocka_unit_test(talks_to_its_parent),
        cmocka_unit_test(has_children),
        cmocka_unit_test(lets_go_of_the_sockets),
        cmocka_unit_test(is_whole_whenever_it_comes),
        cmocka_unit_test(may_be_one_of_many_servers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
