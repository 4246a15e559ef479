// Each allocation of each call fails once: the call says CRYO_ERR_NO_MEMORY and has changed nothing, and the
// same call succeeds when there is memory again.
#include "each_allocation.h"
#include "failing_new.h"
#include "talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct objects {
    talk t;
    cryo_server_options *options;
    cryo_queue *queue;
    cryo_events *events;
} objects;

static objects *objects_of(attempt *a) {
    return a->of;
}

static cryo_status new_queue(attempt *a) {
    return cryo_queue_new((cryo_queue **)&a->made);
}
static cryo_status new_options(attempt *a) {
    return cryo_server_options_new((cryo_server_options **)&a->made);
}
static cryo_status new_events(attempt *a) {
    return cryo_events_new(&a->finalized, tally_finalizer, (cryo_events **)&a->made);
}
static cryo_status new_server(attempt *a) {
    return cryo_server_new(objects_of(a)->options, (cryo_server **)&a->made);
}
static cryo_status set_host(attempt *a) {
    return cryo_server_options_set_host(objects_of(a)->options,
                                        "a host name that is too long to need no memory");
}
static cryo_status set_validator(attempt *a) {
    return cryo_server_options_set_validator(objects_of(a)->options, accept_everybody, &a->finalized,
                                             tally_finalizer);
}
static cryo_status set_tls(attempt *a) {
    return cryo_server_options_set_tls_files(objects_of(a)->options,
                                             "a file name that is too long to need no memory",
                                             "a file name that is too long to need no memory");
}
static cryo_status send_it(attempt *a) {
    return send_text(objects_of(a)->t.session, "a message that is too long to need no memory of its own");
}
static cryo_status broadcast_it(attempt *a) {
    return cryo_server_broadcast(objects_of(a)->t.server, CRYO_UTF8, (const uint8_t *)"all", 3, NULL, NULL);
}
static cryo_status ping_it(attempt *a) {
    return cryo_session_ping(objects_of(a)->t.session);
}
static cryo_status set_user(attempt *a) {
    return cryo_session_set_user(objects_of(a)->t.session, &a->finalized, tally_finalizer);
}
static cryo_status set_value(attempt *a) {
    return cryo_session_set(objects_of(a)->t.session, "a key that is too long to need no memory",
                            &a->finalized, tally_finalizer);
}
static cryo_status close_it(attempt *a) {
    return cryo_session_close(objects_of(a)->t.session, 4000, "a reason that is too long to need no memory");
}

static cryo_status start_it(attempt *a) {
    return cryo_server_start(objects_of(a)->t.server);
}

static void what_makes_objects(void **state) {
    (void)state;
    objects all = {0};
    attempt a = {.finalized = TALLY_INIT, .of = &all};
    try_each_allocation(&a, "cryo_queue_new", new_queue, 0);
    all.queue = made(&a);
    try_each_allocation(&a, "cryo_server_options_new", new_options, 0);
    all.options = made(&a);
    try_each_allocation(&a, "cryo_events_new", new_events, 1);
    all.events = made(&a);
    cryo_events_free(all.events);
    assert_int_equal(tally_now(&a.finalized), 1);
    try_each_allocation(&a, "cryo_server_options_set_host", set_host, 0);
    try_each_allocation(&a, "cryo_server_options_set_validator", set_validator, 0);
    try_each_allocation(&a, "cryo_server_options_set_tls_files", set_tls, 1);
    try_each_allocation(&a, "cryo_server_new", new_server, 1);
    cryo_server_free(made(&a));
    assert_int_equal(tally_now(&a.finalized), 1);
    cryo_server_options_free(all.options);
    assert_int_equal(tally_now(&a.finalized), 2);
    cryo_queue_free(all.queue);
}

static void what_a_session_does(void **state) {
    (void)state;
    objects all = {0};
    attempt a = {.finalized = TALLY_INIT, .of = &all};
    talk_start(&all.t, &(app){0});
    try_each_allocation(&a, "cryo_session_set_user", set_user, 0);
    try_each_allocation(&a, "cryo_session_set", set_value, 1);
    void *got = NULL;
    expect_ok(cryo_session_get(all.t.session, "a key that is too long to need no memory", &got));
    assert_ptr_equal(got, &a.finalized);
    try_each_allocation(&a, "cryo_session_ping", ping_it, 0);
    try_each_allocation(&a, "cryo_session_send", send_it, 0);
    // Of all the attempts exactly one message left.
    assert_true(peer_hears(&all.t.client, "a message that is too long to need no memory of its own"));
    try_each_allocation(&a, "cryo_server_broadcast", broadcast_it, 0);
    assert_true(peer_hears(&all.t.client, "all"));
    expect_ok(send_text(all.t.session, "end"));
    assert_true(peer_hears(&all.t.client, "end"));
    // Closing needs no memory but for its reason, without which it goes on.
    fail_allocation(1);
    const cryo_status closed = close_it(&a);
    fail_allocation(0);
    expect_status(closed, CRYO_OK);
    assert_int_equal(peer_wait_for_close(&all.t.client), 4000);
    assert_int_equal(tally_now(&a.finalized), 0);
    talk_end(&all.t);
    assert_int_equal(tally_now(&a.finalized), 2);
}

static void a_start(void **state) {
    (void)state;
    objects all = {0};
    attempt a = {.finalized = TALLY_INIT, .of = &all};
    all.t.server = app_new(&(app){.threads = 2});
    try_each_allocation(&a, "cryo_server_start", start_it, 5);
    peer p;
    assert_int_equal(peer_connect(&p, cryo_server_port(all.t.server), TOKEN), 101);
    peer_hang_up(&p);
    cryo_server_free(all.t.server);
}

static cryo_status exchange(attempt *a) {
    return cryo_server_set_tls(objects_of(a)->t.server, objects_of(a)->options);
}

static cryo_status reload(attempt *a) {
    return cryo_server_set_tls(objects_of(a)->t.server, NULL);
}

static char folder[] = "/tmp/cryo_no_memory_XXXXXX";
static const char *const names[] = {"ca.pem",     "rsa.pem",   "rsa.key",   "ec.pem",
                                    "ec.key",     "chain.pem", "chain.key", "expired.pem",
                                    "future.pem", "weak.pem",  "weak.key"};

static const char *in_folder(const char *name) {
    static char paths[4][128];
    static unsigned next = 0;
    char *const path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void with_tls(void **state) {
    (void)state;
    char command[512];
    assert_non_null(mkdtemp(folder));
    snprintf(command, sizeof command, "%s %s", CRYO_MAKE_CERTIFICATES, folder);
    assert_int_equal(system(command), 0);
    objects all = {0};
    attempt a = {.finalized = TALLY_INIT, .of = &all};
    cryo_server_options *const options = app_options(&(app){.threads = 2});
    expect_ok(cryo_server_options_set_tls_files(options, in_folder("ec.pem"), in_folder("ec.key")));
    expect_ok(cryo_server_options_add_tls_files(options, in_folder("chain.pem"), in_folder("chain.key")));
    expect_ok(cryo_server_options_set_tls_client_ca_file(options, in_folder("ca.pem")));
    expect_ok(cryo_server_new(options, &all.t.server));
    all.options = options;
    try_each_allocation(&a, "cryo_server_start", start_it, 20);
    try_each_allocation(&a, "cryo_server_set_tls", exchange, 15);
    try_each_allocation(&a, "cryo_server_set_tls (again)", reload, 15);
    cryo_server_free(all.t.server);
    cryo_server_options_free(options);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
        unlink(in_folder(names[i]));
    rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_makes_objects),
        cmocka_unit_test(what_a_session_does),
        cmocka_unit_test(a_start),
        cmocka_unit_test(with_tls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
