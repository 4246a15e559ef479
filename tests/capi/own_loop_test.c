// threads = 0: the application's own thread and its own event loop.
#include "talk.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static void *be_a_client(void *argument) {
    peer p;
    assert_int_equal(peer_connect(&p, *(const uint16_t *)argument, TOKEN), 101);
    for (int i = 0; i < 20; ++i) {
        peer_send_text(&p, "echo");
        assert_true(peer_hears(&p, "echo"));
    }
    assert_int_equal(peer_close(&p, 4000, ""), 4000);
    peer_hang_up(&p);
    return NULL;
}

static pthread_t the_thread;
static bool over;

static void echo(cryo_session *session, int32_t kind, const uint8_t *data, size_t len, void *user) {
    (void)user;
    assert_true(pthread_equal(pthread_self(), the_thread)); // inside of cryo_server_run_once and nowhere else
    expect_ok(cryo_session_send(session, kind, data, len));
}
static void note_the_end(cryo_session *session, int32_t code, const char *reason, void *user) {
    (void)session, (void)code, (void)reason, (void)user;
    over = true;
}

static cryo_server *start(void) {
    the_thread = pthread_self();
    over = false;
    return app_start(&(app){.on_message = echo, .on_closed = note_the_end, .keepalive_ms = 250});
}

static void expect_the_end(cryo_server *server) {
    expect_ok(cryo_server_stop(server));
    cryo_status status = CRYO_OK;
    while (status == CRYO_OK)
        status = cryo_server_run_once(server, -1);
    expect_status(status, CRYO_ERR_CLOSED);
    expect_status(cryo_server_run_once(server, -1), CRYO_ERR_CLOSED);
    expect_status(cryo_server_run_once(server, 0), CRYO_ERR_CLOSED);
    cryo_server_free(server);
}

static void run_once_drives_it(void **state) {
    (void)state;
    cryo_server *const server = start();
    uint16_t port = cryo_server_port(server);
    assert_int_not_equal(port, 0);
    const pthread_t client = run(be_a_client, &port);
    while (!over)
        expect_ok(cryo_server_run_once(server, -1));
    join(client);
    expect_the_end(server);
}

static void poll_drives_it(void **state) {
    (void)state;
    cryo_server *const server = start();
    uint16_t port = cryo_server_port(server);
    const pthread_t client = run(be_a_client, &port);
    struct pollfd ready = {.fd = cryo_server_fd(server), .events = POLLIN, .revents = 0};
    assert_true(ready.fd >= 0);
    const int64_t deadline = now_ms() + PEER_PATIENCE_MS;
    while (!over) {
        const int32_t timeout = cryo_server_timeout_ms(server);
        assert_true(timeout >= -1);
        // Nothing but the descriptor and this time-out wakes it.
        poll(&ready, 1, timeout < 0 ? PEER_PATIENCE_MS : timeout);
        expect_ok(cryo_server_run_once(server, 0));
        assert_true(now_ms() < deadline);
    }
    join(client);
    // What another thread asks for makes the descriptor readable, too.
    while (poll(&ready, 1, 0) > 0)
        expect_ok(cryo_server_run_once(server, 0));
    expect_ok(cryo_server_stop(server));
    assert_int_equal(poll(&ready, 1, PEER_PATIENCE_MS), 1);
    cryo_status status = CRYO_OK;
    while (status == CRYO_OK) {
        status = cryo_server_run_once(server, 0);
        assert_true(now_ms() < deadline + PEER_PATIENCE_MS);
    }
    expect_status(status, CRYO_ERR_CLOSED);
    cryo_server_free(server);
}

static void not_at_all_means_not_at_all(void **state) {
    (void)state;
    cryo_server *const server = app_start(&(app){0});
    const int64_t before = now_ms();
    for (int i = 0; i < 100; ++i)
        expect_ok(cryo_server_run_once(server, 0));
    expect_ok(cryo_server_run_once(server, 20));
    assert_true(now_ms() - before < PEER_PATIENCE_MS);
    expect_status(cryo_server_run_once(server, -2), CRYO_ERR_INVALID);
    cryo_server_free(server);
}

static unsigned recursions;

static void recurse(cryo_server *server, const char *host, uint16_t port, void *user) {
    (void)host, (void)port, (void)user;
    expect_status(cryo_server_run_once(server, 0), CRYO_ERR_STATE);
    expect_status(cryo_server_run_once(server, -1), CRYO_ERR_STATE);
    ++recursions;
}

static void recursion_is_refused(void **state) {
    (void)state;
    recursions = 0;
    cryo_server *const server = app_start(&(app){.on_listening = recurse});
    while (recursions == 0)
        expect_ok(cryo_server_run_once(server, -1));
    cryo_server_free(server);
}

typedef struct stay {
    tally inside;
    tally leave;
} stay;

static void stay_inside(cryo_server *server, const char *host, uint16_t port, void *user) {
    (void)server, (void)host, (void)port;
    stay *const s = user;
    tally_add(&s->inside);
    tally_wait(&s->leave, 1);
}

static void a_second_thread_is_refused(void **state) {
    (void)state;
    stay s = {.inside = TALLY_INIT, .leave = TALLY_INIT};
    cryo_server *const server = app_start(&(app){.on_listening = stay_inside, .user = &s});
    pump p;
    pump_start(&p, server);
    tally_wait(&s.inside, 1);
    expect_status(cryo_server_run_once(server, 0), CRYO_ERR_STATE);
    expect_status(cryo_server_run_once(server, -1), CRYO_ERR_STATE);
    tally_add(&s.leave);
    expect_ok(cryo_server_stop(server));
    pump_join(&p);
    expect_status(cryo_server_run_once(server, 0), CRYO_ERR_CLOSED); // this thread may, now
    cryo_server_free(server);
}

static void it_is_for_0_threads_and_started_servers(void **state) {
    (void)state;
    cryo_server *server = app_new(&(app){0});
    expect_status(cryo_server_run_once(server, 0), CRYO_ERR_STATE);
    expect_status(cryo_server_fd(server), CRYO_ERR_STATE);
    expect_status(cryo_server_timeout_ms(server), CRYO_ERR_STATE);
    expect_status(cryo_server_wait(server, 0), CRYO_ERR_STATE);
    cryo_server_free(server);
    server = app_start(&(app){0});
    expect_status(cryo_server_wait(server, 0), CRYO_ERR_STATE);
    cryo_server_free(server);
    server = app_start(&(app){.threads = 1});
    expect_status(cryo_server_run_once(server, 0), CRYO_ERR_STATE);
    expect_status(cryo_server_fd(server), CRYO_ERR_STATE);
    expect_status(cryo_server_timeout_ms(server), CRYO_ERR_STATE);
    cryo_server_free(server);
}

// cryo_server_free runs the callbacks of the closing sessions itself.
static void free_runs_the_last_callbacks(void **state) {
    (void)state;
    talk t;
    memset(&t, 0, sizeof t);
    t.sessions = t.messages = t.closings = t.stats = (tally)TALLY_INIT;
    cryo_server *const server = app_start(&(app){
        .on_session = talk_on_session, .on_closed = talk_on_closed, .user = &t, .close_timeout_ms = 50});
    peer p;
    peer_init(&p);
    peer_dial_with(&p, cryo_server_port(server), TOKEN, "");
    while (tally_now(&t.sessions) == 0)
        expect_ok(cryo_server_run_once(server, 20)); // the client is silent: the hello wait ends it
    assert_int_equal(cryo_server_session_count(server), 1);
    cryo_server_free(server);
    assert_int_equal(tally_now(&t.closings), 1);
    assert_int_equal(t.code, CRYO_CLOSE_GRACEFUL);
    expect_status(send_text(t.session, "x"), CRYO_ERR_CLOSED);
    cryo_session_release(t.session);
    peer_hang_up(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run_once_drives_it),
        cmocka_unit_test(poll_drives_it),
        cmocka_unit_test(not_at_all_means_not_at_all),
        cmocka_unit_test(recursion_is_refused),
        cmocka_unit_test(a_second_thread_is_refused),
        cmocka_unit_test(it_is_for_0_threads_and_started_servers),
        cmocka_unit_test(free_runs_the_last_callbacks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
